"""Why an output may be believed: it is compared with the many files it stands for."""

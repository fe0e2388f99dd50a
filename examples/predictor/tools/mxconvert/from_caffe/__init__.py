"""Caffe to MXNet: read both files, then one row for each type of layer."""

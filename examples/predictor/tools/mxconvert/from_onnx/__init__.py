"""ONNX to MXNet: read, analyse, then one row for each operator."""

"""Converts networks of other tools to MXNet's files; onnx2mx.py and caffe2mx.py beside it are its commands."""

"""The operators and names that networks of each kind need, as MXNet's own writers put them into files."""

from __future__ import annotations

_CLASSIFIERS = """
    Activation BatchNorm Concat Convolution Dropout Flatten FullyConnected LRN Pooling SoftmaxOutput _copy _mul_scalar
    clip elemwise_add
"""
_RECURRENT = """
    Activation Concat Embedding FullyConnected RNN Reshape SliceChannel SwapAxis _rminus_scalar _rnn_param_concat _zeros
    elemwise_add elemwise_mul elemwise_sub expand_dims ones_like sigmoid stack tanh
"""
_FROM_CAFFE = """
    Crop Deconvolution LRN LeakyReLU Reshape SoftmaxOutput _mul_scalar _plus abs broadcast_add
"""
_AROUND = """
    BilinearSampler BlockGrad Cast Embedding GridGenerator InstanceNorm L2Normalization LayerNorm LinearRegressionOutput
    LogisticRegressionOutput MAERegressionOutput MakeLoss Pad ROIPooling SoftmaxActivation SwapAxis UpSampling
    _contrib_AdaptiveAvgPooling2D _contrib_BilinearResize2D _contrib_MultiBoxDetection _contrib_MultiBoxPrior
    _contrib_box_nms _image_normalize _image_resize _image_to_tensor add_n argmax argmin batch_dot broadcast_add
    broadcast_axis broadcast_div broadcast_equal broadcast_greater broadcast_greater_equal broadcast_hypot
    broadcast_lesser broadcast_lesser_equal broadcast_like broadcast_logical_and broadcast_logical_or
    broadcast_logical_xor broadcast_maximum broadcast_minimum broadcast_mod broadcast_mul broadcast_not_equal
    broadcast_power broadcast_sub broadcast_to depth_to_space dot elemwise_div elemwise_sub log_softmax max mean min
    norm one_hot prod repeat reverse slice slice_axis slice_like softmax space_to_depth squeeze sum take tile topk
    transpose where zeros_like _arange _ones _split_v2 GroupNorm SVMOutput identity make_loss
"""
_OLD_NAMES = """
    BatchNorm_v1 Convolution_v1 CuDNNBatchNorm ElementWiseSum Pooling_v1 Softmax _Div _DivScalar _Equal _Greater _Lesser
    _Maximum _MaximumScalar _Minimum _MinimumScalar _Minus _MinusScalar _Mod _Mul _MulScalar _Not_Equal _Plus
    _PlusScalar _Power _PowerScalar _RDivScalar _RMinusScalar _RPowerScalar _add _div _minus _mul _plus _sub
    broadcast_axes broadcast_minus broadcast_plus cast choose_element_0index concat crop flatten flip identity max_axis
    min_axis pad reshape split stop_gradient sum_axis swapaxes
"""

PROMISED = {*_CLASSIFIERS.split(), *_RECURRENT.split(), *_FROM_CAFFE.split(), *_AROUND.split(), *_OLD_NAMES.split()}

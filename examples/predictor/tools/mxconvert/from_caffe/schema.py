"""The part of Caffe's message format that networks for inference are written in.

A message is a line of fields, `name:number:type`, with `*` for a repeated one and `=` before a default. A type is
one of protobuf's, another message, or the names of an enumeration in braces. Of training there is as much as stands
in files that are otherwise of use: a field that is not here is an error where a prototxt has it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

if TYPE_CHECKING:
    from google.protobuf.message import Message

_ENGINE = "{DEFAULT=0,CAFFE=1,CUDNN=2}"
_PHASE = "{TRAIN=0,TEST=1}"
_POOL = "{MAX=0,AVE=1,STOCHASTIC=2}"
_IMAGES = "source:1:string batch_size:4:uint32 scale:2:float mean_file:3:string crop_size:5:uint32 mirror:6:bool "

_SHARED_PARAMETERS = (
    ("transform", "Transformation", 100, 36),
    ("loss", "Loss", 101, 42),
    ("accuracy", "Accuracy", 102, 27),
    ("argmax", "ArgMax", 103, 23),
    ("concat", "Concat", 104, 9),
    ("contrastive_loss", "ContrastiveLoss", 105, 40),
    ("convolution", "Convolution", 106, 10),
    ("data", "Data", 107, 11),
    ("dropout", "Dropout", 108, 12),
    ("dummy_data", "DummyData", 109, 26),
    ("eltwise", "Eltwise", 110, 24),
    ("exp", "Exp", 111, 41),
    ("hdf5_data", "HDF5Data", 112, 13),
    ("hdf5_output", "HDF5Output", 113, 14),
    ("hinge_loss", "HingeLoss", 114, 29),
    ("image_data", "ImageData", 115, 15),
    ("infogain_loss", "InfogainLoss", 116, 16),
    ("inner_product", "InnerProduct", 117, 17),
    ("lrn", "LRN", 118, 18),
    ("memory_data", "MemoryData", 119, 22),
    ("mvn", "MVN", 120, 34),
    ("pooling", "Pooling", 121, 19),
    ("power", "Power", 122, 21),
    ("relu", "ReLU", 123, 30),
    ("sigmoid", "Sigmoid", 124, 38),
    ("softmax", "Softmax", 125, 39),
    ("slice", "Slice", 126, 31),
    ("tanh", "TanH", 127, 37),
    ("threshold", "Threshold", 128, 25),
    ("window_data", "WindowData", 129, 20),
)
"""Name, message, number in a layer, number in a layer of the first format."""

_NEWER_PARAMETERS = (
    ("prelu", "PReLU", 131),
    ("reshape", "Reshape", 133),
    ("log", "Log", 134),
    ("flatten", "Flatten", 135),
    ("reduction", "Reduction", 136),
    ("embed", "Embed", 137),
    ("tile", "Tile", 138),
    ("batch_norm", "BatchNorm", 139),
    ("elu", "ELU", 140),
    ("bias", "Bias", 141),
    ("scale", "Scale", 142),
    ("input", "Input", 143),
    ("crop", "Crop", 144),
    ("swish", "Swish", 147),
    ("clip", "Clip", 148),
)

_FIRST_TYPES = (
    "{NONE=0,ABSVAL=35,ACCURACY=1,ARGMAX=30,BNLL=2,CONCAT=3,CONTRASTIVE_LOSS=37,CONVOLUTION=4,DATA=5,"
    "DECONVOLUTION=39,DROPOUT=6,DUMMY_DATA=32,EUCLIDEAN_LOSS=7,ELTWISE=25,EXP=38,FLATTEN=8,HDF5_DATA=9,"
    "HDF5_OUTPUT=10,HINGE_LOSS=28,IM2COL=11,IMAGE_DATA=12,INFOGAIN_LOSS=13,INNER_PRODUCT=14,LRN=15,MEMORY_DATA=29,"
    "MULTINOMIAL_LOGISTIC_LOSS=16,MVN=34,POOLING=17,POWER=26,RELU=18,SIGMOID=19,SIGMOID_CROSS_ENTROPY_LOSS=27,"
    "SILENCE=36,SOFTMAX=20,SOFTMAX_LOSS=21,SPLIT=22,SLICE=33,TANH=23,WINDOW_DATA=24,THRESHOLD=31}"
)

_MESSAGES = {
    # `data` is packed: its bytes are the numbers, one after the other
    "BlobProto": "num:1:int32 channels:2:int32 height:3:int32 width:4:int32 data:5:bytes* shape:7:BlobShape "
    "double_data:8:bytes*",
    "BlobShape": "dim:1:int64*",
    "NetParameter": "name:1:string layers:2:V1LayerParameter* input:3:string* input_dim:4:int32* "
    "force_backward:5:bool state:6:NetState debug_info:7:bool input_shape:8:BlobShape* layer:100:LayerParameter*",
    "NetState": f"phase:1:{_PHASE}=TEST level:2:int32 stage:3:string*",
    "NetStateRule": f"phase:1:{_PHASE} min_level:2:int32 max_level:3:int32 stage:4:string* not_stage:5:string*",
    "ParamSpec": "name:1:string share_mode:2:{STRICT=0,PERMISSIVE=1} lr_mult:3:float decay_mult:4:float",
    "LayerParameter": f"name:1:string type:2:string bottom:3:string* top:4:string* phase:10:{_PHASE} "
    "loss_weight:5:float* param:6:ParamSpec* blobs:7:BlobProto* propagate_down:11:bool* include:8:NetStateRule* "
    "exclude:9:NetStateRule* "
    + " ".join(f"{name}_param:{number}:{message}Parameter" for name, message, number, _ in _SHARED_PARAMETERS)
    + " "
    + " ".join(f"{name}_param:{number}:{message}Parameter" for name, message, number in _NEWER_PARAMETERS),
    "V1LayerParameter": f"bottom:2:string* top:3:string* name:4:string type:5:{_FIRST_TYPES} blobs:6:BlobProto* "
    "blobs_lr:7:float* weight_decay:8:float* include:32:NetStateRule* exclude:33:NetStateRule* loss_weight:35:float* "
    "param:1001:string* blob_share_mode:1002:{STRICT=0,PERMISSIVE=1}* "
    + " ".join(f"{name}_param:{number}:{message}Parameter" for name, message, _, number in _SHARED_PARAMETERS),
    "FillerParameter": "type:1:string value:2:float min:3:float max:4:float mean:5:float std:6:float sparse:7:int32 "
    "variance_norm:8:{FAN_IN=0,FAN_OUT=1,AVERAGE=2}",
    "TransformationParameter": "scale:1:float=1 mirror:2:bool crop_size:3:uint32 mean_file:4:string "
    "mean_value:5:float* force_color:6:bool force_gray:7:bool",
    "LossParameter": "ignore_label:1:int32 normalize:2:bool normalization:3:{FULL=0,VALID=1,BATCH_SIZE=2,NONE=3}",
    "AccuracyParameter": "top_k:1:uint32 axis:2:int32 ignore_label:3:int32",
    "ArgMaxParameter": "out_max_val:1:bool top_k:2:uint32=1 axis:3:int32",
    "BatchNormParameter": "use_global_stats:1:bool moving_average_fraction:2:float eps:3:float=1e-5",
    "BiasParameter": "axis:1:int32=1 num_axes:2:int32=1 filler:3:FillerParameter",
    "ClipParameter": "min:1:float max:2:float",
    "ConcatParameter": "concat_dim:1:uint32=1 axis:2:int32=1",
    "ContrastiveLossParameter": "margin:1:float legacy_version:2:bool",
    "ConvolutionParameter": "num_output:1:uint32 bias_term:2:bool=true pad:3:uint32* kernel_size:4:uint32* "
    "group:5:uint32=1 stride:6:uint32* weight_filler:7:FillerParameter bias_filler:8:FillerParameter pad_h:9:uint32 "
    f"pad_w:10:uint32 kernel_h:11:uint32 kernel_w:12:uint32 stride_h:13:uint32 stride_w:14:uint32 engine:15:{_ENGINE} "
    "axis:16:int32=1 force_nd_im2col:17:bool dilation:18:uint32*",
    "CropParameter": "axis:1:int32=2 offset:2:uint32*",
    "DataParameter": _IMAGES + "rand_skip:7:uint32 backend:8:{LEVELDB=0,LMDB=1} force_encoded_color:9:bool "
    "prefetch:10:uint32",
    "DropoutParameter": "dropout_ratio:1:float",
    "DummyDataParameter": "data_filler:1:FillerParameter* num:2:uint32* channels:3:uint32* height:4:uint32* "
    "width:5:uint32* shape:6:BlobShape*",
    "ELUParameter": "alpha:1:float=1",
    "EltwiseParameter": "operation:1:{PROD=0,SUM=1,MAX=2}=SUM coeff:2:float* stable_prod_grad:3:bool",
    "EmbedParameter": "num_output:1:uint32 input_dim:2:uint32 bias_term:3:bool=true weight_filler:4:FillerParameter "
    "bias_filler:5:FillerParameter",
    "ExpParameter": "base:1:float=-1 scale:2:float=1 shift:3:float",
    "FlattenParameter": "axis:1:int32=1 end_axis:2:int32=-1",
    "HDF5DataParameter": "source:1:string batch_size:2:uint32 shuffle:3:bool",
    "HDF5OutputParameter": "file_name:1:string",
    "HingeLossParameter": "norm:1:{L1=1,L2=2}",
    "ImageDataParameter": _IMAGES + "rand_skip:7:uint32 shuffle:8:bool new_height:9:uint32 new_width:10:uint32 "
    "is_color:11:bool root_folder:12:string",
    "InfogainLossParameter": "source:1:string axis:2:int32",
    "InnerProductParameter": "num_output:1:uint32 bias_term:2:bool=true weight_filler:3:FillerParameter "
    "bias_filler:4:FillerParameter axis:5:int32=1 transpose:6:bool",
    "InputParameter": "shape:1:BlobShape*",
    "LRNParameter": "local_size:1:uint32=5 alpha:2:float=1 beta:3:float=0.75 "
    f"norm_region:4:{{ACROSS_CHANNELS=0,WITHIN_CHANNEL=1}} k:5:float=1 engine:6:{_ENGINE}",
    "LogParameter": "base:1:float=-1 scale:2:float=1 shift:3:float",
    "MVNParameter": "normalize_variance:1:bool=true across_channels:2:bool eps:3:float=1e-9",
    "MemoryDataParameter": "batch_size:1:uint32 channels:2:uint32 height:3:uint32 width:4:uint32",
    "PReLUParameter": "filler:1:FillerParameter channel_shared:2:bool",
    "PoolingParameter": f"pool:1:{_POOL} kernel_size:2:uint32 stride:3:uint32=1 pad:4:uint32 kernel_h:5:uint32 "
    f"kernel_w:6:uint32 stride_h:7:uint32 stride_w:8:uint32 pad_h:9:uint32 pad_w:10:uint32 engine:11:{_ENGINE} "
    "global_pooling:12:bool round_mode:13:{CEIL=0,FLOOR=1}",
    "PowerParameter": "power:1:float=1 scale:2:float=1 shift:3:float",
    "ReLUParameter": f"negative_slope:1:float engine:2:{_ENGINE}",
    "ReductionParameter": "operation:1:{SUM=1,ASUM=2,SUMSQ=3,MEAN=4}=SUM axis:2:int32 coeff:3:float=1",
    "ReshapeParameter": "shape:1:BlobShape axis:2:int32 num_axes:3:int32=-1",
    "ScaleParameter": "axis:1:int32=1 num_axes:2:int32=1 filler:3:FillerParameter bias_term:4:bool "
    "bias_filler:5:FillerParameter",
    "SigmoidParameter": f"engine:1:{_ENGINE}",
    "SliceParameter": "slice_dim:1:uint32=1 slice_point:2:uint32* axis:3:int32=1",
    "SoftmaxParameter": f"engine:1:{_ENGINE} axis:2:int32=1",
    "SwishParameter": "beta:1:float=1",
    "TanHParameter": f"engine:1:{_ENGINE}",
    "ThresholdParameter": "threshold:1:float",
    "TileParameter": "axis:1:int32=1 tiles:2:int32",
    "WindowDataParameter": _IMAGES
    + "fg_threshold:7:float bg_threshold:8:float fg_fraction:9:float context_pad:10:uint32 "
    "crop_mode:11:string cache_images:12:bool root_folder:13:string",
}

_FIELD = re.compile(r"(\w+):(\d+):(\w+|\{[^}]*\})(\*?)(?:=(\S+))?")
_FieldProto = descriptor_pb2.FieldDescriptorProto


def _file() -> descriptor_pb2.FileDescriptorProto:
    file = descriptor_pb2.FileDescriptorProto(name="caffe_inference.proto", package="caffe", syntax="proto2")
    for name, fields in sorted(_MESSAGES.items()):
        message = file.message_type.add(name=name)
        for match in map(_FIELD.fullmatch, fields.split()):
            if match is None:
                raise AssertionError(f"a field of {name} is misspelt")
            _add_field(message, *match.groups())
    return file


def _add_field(
    message: descriptor_pb2.DescriptorProto, name: str, number: str, kind: str, star: str, default: str | None
) -> None:
    label = _FieldProto.LABEL_REPEATED if star else _FieldProto.LABEL_OPTIONAL
    field = message.field.add(name=name, number=int(number), label=label)
    if default is not None:
        field.default_value = default
    if kind.startswith("{"):
        enumeration = message.enum_type.add(name=f"{name}_values")
        for each in kind.strip("{}").split(","):
            key, _, value = each.partition("=")
            enumeration.value.add(name=key, number=int(value))
        field.type, field.type_name = _FieldProto.TYPE_ENUM, f".caffe.{message.name}.{enumeration.name}"
    elif kind in _MESSAGES:
        field.type, field.type_name = _FieldProto.TYPE_MESSAGE, f".caffe.{kind}"
    else:
        field.type = _FieldProto.Type.Value(f"TYPE_{kind.upper()}")


_POOL_OF_TYPES = descriptor_pool.DescriptorPool()
_POOL_OF_TYPES.Add(_file())


def message_type(name: str) -> type[Message]:
    """Return the class of a message."""
    return message_factory.GetMessageClass(_POOL_OF_TYPES.FindMessageTypeByName(f"caffe.{name}"))

#include "predictor/runtime/monitored.h"

#include "predictor/base/text.h"

namespace PREDICTOR_HIDDEN predictor {
namespace monitored_detail {

// The operators of one input for which MXNet has a name, "data". That of others is "input0".
static constexpr char kNamed[] =
    " Dropout GridGenerator L2Normalization LRN LeakyReLU MakeLoss Pad Pooling Pooling_v1"
    " SequenceLast SequenceMask SequenceReverse SliceChannel SwapAxis _contrib_BilinearResize2D"
    " _contrib_MultiBoxPrior _image_normalize _image_to_tensor _ravel_multi_index _unravel_index"
    " depth_to_space flip log_softmax one_hot pad ravel_multi_index repeat reverse softmax"
    " space_to_depth split squeeze swapaxes tile unravel_index ";

static bool is_named(const String& operator_name) {
  return std::strstr(kNamed, concat({" ", operator_name, " "}).c_str()) != nullptr;
}

}  // namespace monitored_detail

String monitored_input(const Node& node, size_t index) {
  const Vector<TextView> names = node.op->input_names();
  if (names.empty()) return concat({node.name, "_arg", static_cast<uint64_t>(index)});
  const bool is_data = names.size() == 1 && names[0] == "data";
  if (is_data && !monitored_detail::is_named(node.op_name)) return concat({node.name, "_input0"});
  return concat({node.name, "_", names[index]});
}

}  // namespace predictor

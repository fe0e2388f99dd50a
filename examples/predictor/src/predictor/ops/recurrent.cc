// RNN: layers of recurrent cells over a sequence, in one or both directions.
#include <cmath>
#include <cstring>

#include "predictor/base/error.h"
#include "predictor/kernels/gemm.h"
#include "predictor/ops/forms.h"
#include "predictor/ops/operators.h"

namespace PREDICTOR_HIDDEN predictor {
namespace recurrent_detail {

enum class Mode : int { kRelu, kTanh, kLstm, kGru };

static int64_t gates_of(Mode mode) { return mode == Mode::kLstm ? 4 : mode == Mode::kGru ? 3 : 1; }

struct Sizes {
  Mode mode = Mode::kTanh;
  int64_t steps = 1;
  int64_t batch = 1;
  int64_t inputs = 1;  // of the first layer
  int64_t units = 1;
  int64_t layers = 1;
  int64_t directions = 1;

  int64_t gate_units() const { return gates_of(mode) * units; }
  int64_t layer_inputs(int64_t layer) const { return layer == 0 ? inputs : directions * units; }
  // Floats of all weights, which stand before all biases.
  int64_t weight_floats() const {
    int64_t count = 0;
    for (int64_t layer = 0; layer < (layers < 2 ? layers : 2); ++layer) {
      const int64_t times = layer == 0 ? 1 : layers - 1;
      count += times * directions * gate_units() * (layer_inputs(layer) + units);
    }
    return count;
  }
  int64_t parameter_floats() const {
    return weight_floats() + 2 * layers * directions * gate_units();
  }
  int64_t sequence_floats() const { return steps * batch * directions * units; }
};

static float sigmoid(float x) { return 1 / (1 + std::exp(-x)); }

// One unit: x and h are its pre-activations from the input and from the state, `step` floats from
// gate to gate, biases included. Gates: input, forget, cell, output; or reset, update, new.
static void update(Mode mode, const float* x, const float* h, int64_t step, float* state,
                   float* cell) {
  if (mode == Mode::kLstm) {
    const float kept = sigmoid(x[step] + h[step]) * *cell;
    *cell = kept + sigmoid(x[0] + h[0]) * std::tanh(x[2 * step] + h[2 * step]);
    *state = sigmoid(x[3 * step] + h[3 * step]) * std::tanh(*cell);
  } else if (mode == Mode::kGru) {
    const float reset = sigmoid(x[0] + h[0]);
    const float kept = sigmoid(x[step] + h[step]);
    *state = (1 - kept) * std::tanh(x[2 * step] + reset * h[2 * step]) + kept * *state;
  } else {
    const float sum = x[0] + h[0];
    *state = mode == Mode::kTanh ? std::tanh(sum) : sum > 0 ? sum : 0.0f;
  }
}

// out = in * weight^T + bias. in: (rows, inputs). weight: (outputs, inputs).
static GemmShape product_shape(int64_t rows, int64_t inputs, int64_t outputs) {
  GemmShape shape;
  shape.m = static_cast<int>(rows);
  shape.n = static_cast<int>(outputs);
  shape.k = static_cast<int>(inputs);
  shape.transpose_b = true;
  shape.accumulate = true;
  shape.stride_a = inputs;
  shape.stride_b = inputs;
  shape.stride_c = outputs;
  return shape;
}

static void multiply(Isa isa, const GemmShape& shape, const float* in, const float* weight,
                     const float* bias, float* workspace, float* out) {
  for (int64_t row = 0; row < shape.m; ++row) {
    std::memcpy(out + row * shape.n, bias, static_cast<size_t>(shape.n) * sizeof(float));
  }
  gemm(isa, shape, in, weight, workspace, out);
}

class Recurrent : public Op {
 public:
  explicit Recurrent(Attributes& attributes) {
    const int mode = attributes.choice("mode", {"rnn_relu", "rnn_tanh", "lstm", "gru"}, -1);
    sizes_.mode = static_cast<Mode>(mode);
    sizes_.units = attributes.integer("state_size");
    sizes_.layers = attributes.integer("num_layers");
    sizes_.directions = attributes.boolean("bidirectional", false) ? 2 : 1;
    const bool shows_states = attributes.boolean("state_outputs", false);
    for (const char* key : {"projection_size", "lstm_state_clip_min", "lstm_state_clip_max"}) {
      check(!attributes.is_given(key), {"attribute '", key, "' is not supported"});
    }
    check(!attributes.boolean("use_sequence_length", false),
          {"use_sequence_length is not supported"});
    attributes.ignore({"p", "lstm_state_clip_nan"});
    attributes.finish();
    check(mode >= 0, {"attribute 'mode' is missing"});
    check(sizes_.units > 0 && sizes_.units <= 1 << 16, {"state_size is ", sizes_.units});
    check(sizes_.layers > 0 && sizes_.layers <= 1 << 8, {"num_layers is ", sizes_.layers});
    traits_.inputs = has_cell() ? "data parameters state state_cell" : "data parameters state";
    traits_.suffixes = "output state_output statecell_output";
    if (shows_states) traits_.outputs = has_cell() ? 3 : 2;
  }

  void infer_shapes(Span<Shape> inputs, Span<Shape> outputs) const override {
    Shape& data = inputs[0];
    merge_shape(data, Shape::of_rank(3), "the input");
    Shape state = {sizes_.layers * sizes_.directions, data[1], sizes_.units};
    for (size_t i = 2; i < inputs.size(); ++i) merge_shape(inputs[i], state, "the state");
    if (data[1] < 0) data[1] = inputs[2][1];
    merge_shape(outputs[0], {data[0], data[1], sizes_.directions * sizes_.units}, "the output");
    for (size_t i = 1; i < outputs.size(); ++i) merge_shape(outputs[i], inputs[2], "the state");
    if (data[2] < 0) return;
    Sizes sizes = sizes_;
    sizes.inputs = data[2];
    merge_shape(inputs[1], {sizes.parameter_floats()}, "the vector of parameters");
  }

 protected:
  Unique<Kernel> make_float_kernel(const KernelRequest& request) const override {
    Sizes sizes = sizes_;
    sizes.steps = request.inputs[0].shape[0];
    sizes.batch = request.inputs[0].shape[1];
    sizes.inputs = request.inputs[0].shape[2];
    const Isa isa = request.isa;
    const int64_t rows = sizes.steps * sizes.batch;
    size_t scratch =
        gemm_workspace_floats(isa, product_shape(sizes.batch, sizes.units, sizes.gate_units()));
    for (int64_t layer = 0; layer < sizes.layers; ++layer) {
      const size_t needed = gemm_workspace_floats(
          isa, product_shape(rows, sizes.layer_inputs(layer), sizes.gate_units()));
      if (needed > scratch) scratch = needed;
    }
    // Two sequences between layers, the gates of a sequence and of a step, state, cell.
    const int64_t floats = 2 * sizes.sequence_floats() + (rows + sizes.batch) * sizes.gate_units() +
                           2 * sizes.batch * sizes.units;
    return function_kernel([=](const KernelRun& tensors) { run(isa, sizes, tensors); },
                           {scratch + static_cast<size_t>(floats), 0, 0});
  }

 private:
  bool has_cell() const { return sizes_.mode == Mode::kLstm; }

  static void run(Isa isa, const Sizes& sizes, const KernelRun& tensors) {
    const int64_t gate_units = sizes.gate_units();
    const int64_t rows = sizes.steps * sizes.batch;
    const int64_t state_floats = sizes.batch * sizes.units;
    float* sequences[2] = {tensors.workspace, tensors.workspace + sizes.sequence_floats()};
    float* input_gates = sequences[1] + sizes.sequence_floats();
    float* state_gates = input_gates + rows * gate_units;
    float* state = state_gates + sizes.batch * gate_units;
    float* cell = state + state_floats;
    float* scratch = cell + state_floats;
    const float* weight = tensors.inputs[1].floats();
    const float* bias = weight + sizes.weight_floats();
    const size_t state_bytes = static_cast<size_t>(state_floats) * sizeof(float);
    const bool has_cell = sizes.mode == Mode::kLstm;
    const float* in = tensors.inputs[0].floats();
    for (int64_t layer = 0; layer < sizes.layers; ++layer) {
      const bool is_last = layer + 1 == sizes.layers;
      float* out = is_last ? tensors.outputs[0].floats() : sequences[layer % 2];
      for (int64_t d = 0; d < sizes.directions; ++d) {
        const int64_t width = sizes.layer_inputs(layer);
        const int64_t at = (layer * sizes.directions + d) * state_floats;
        std::memcpy(state, tensors.inputs[2].floats() + at, state_bytes);
        if (has_cell) std::memcpy(cell, tensors.inputs[3].floats() + at, state_bytes);
        multiply(isa, product_shape(rows, width, gate_units), in, weight, bias, scratch,
                 input_gates);
        weight += width * gate_units;
        for (int64_t t = 0; t < sizes.steps; ++t) {
          const int64_t step = d == 0 ? t : sizes.steps - 1 - t;
          multiply(isa, product_shape(sizes.batch, sizes.units, gate_units), state, weight,
                   bias + gate_units, scratch, state_gates);
          for (int64_t n = 0; n < sizes.batch; ++n) {
            const int64_t row = step * sizes.batch + n;
            float* to = out + (row * sizes.directions + d) * sizes.units;
            for (int64_t u = 0; u < sizes.units; ++u) {
              const int64_t unit = n * sizes.units + u;
              update(sizes.mode, input_gates + row * gate_units + u,
                     state_gates + n * gate_units + u, sizes.units, state + unit, cell + unit);
              to[u] = state[unit];
            }
          }
        }
        weight += sizes.units * gate_units;
        bias += 2 * gate_units;
        if (tensors.outputs.size() > 1) {
          std::memcpy(tensors.outputs[1].floats() + at, state, state_bytes);
        }
        if (tensors.outputs.size() > 2) {
          std::memcpy(tensors.outputs[2].floats() + at, cell, state_bytes);
        }
      }
      in = out;
    }
  }

  Sizes sizes_;
};

}  // namespace recurrent_detail

Unique<Op> parse_rnn(Attributes& attributes, int) {
  return std::make_unique<recurrent_detail::Recurrent>(attributes);
}

}  // namespace predictor

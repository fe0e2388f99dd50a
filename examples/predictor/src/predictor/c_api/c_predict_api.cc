// The functions of the C API: check and translate the arguments, and leave the work to Predictor.
#include "predictor/c_predict_api.h"

#include <memory>
#include <utility>

#include "predictor/base/containers.h"
#include "predictor/base/error.h"
#include "predictor/base/threads.h"
#include "predictor/c_api/guard.h"
#include "predictor/formats/array_list.h"
#include "predictor/runtime/binding.h"
#include "predictor/runtime/predictor.h"

namespace PREDICTOR_HIDDEN predictor {
namespace c_predict_api_detail {

static constexpr int kCpu = 1;
static constexpr int kMaxThreads = 1024;

// What a PredictorHandle points to.
struct PredictorObject {
  Unique<Predictor> predictor;
  Vector<uint32_t> shape;  // as MXPredGetOutputShape gave it last
};

// What an NDListHandle points to.
struct ArrayList {
  Vector<NamedArray> arrays;
  Vector<Vector<uint32_t>> shapes;
};

// What an NDArrayHandle points to.
struct MonitoredArray {
  Tensor tensor;
  Vector<uint32_t> shape;
};

static void check_pointer(const void* pointer, const char* name) {
  check(pointer != nullptr, {name, " is null"});
}

static Vector<uint32_t> extents_of(const Shape& shape) {
  Vector<uint32_t> extents;
  for (const int64_t extent : shape) extents.push_back(static_cast<uint32_t>(extent));
  return extents;
}

static PredictorObject& as_predictor(PredictorHandle handle) {
  check_pointer(handle, "the handle");
  return *static_cast<PredictorObject*>(handle);
}

static ArrayList& as_list(NDListHandle handle) {
  check_pointer(handle, "the handle");
  return *static_cast<ArrayList*>(handle);
}

static Unique<PredictorObject> make_object(Unique<Predictor> predictor) {
  Unique<PredictorObject> object = std::make_unique<PredictorObject>();
  object->predictor = std::move(predictor);
  return object;
}

// Shape i is data[indptr[i]] to data[indptr[i + 1] - 1]; an extent of zero is not known, and
// nothing of an empty shape.
static ShapesByName read_shapes(uint32_t count, const char** keys, const uint32_t* indptr,
                                const uint32_t* data) {
  ShapesByName shapes;
  if (count == 0) return shapes;
  check_pointer(keys, "input_keys");
  check_pointer(indptr, "input_shape_indptr");
  for (uint32_t i = 0; i < count; ++i) {
    check_pointer(keys[i], "a name in input_keys");
    const String key = keys[i];
    check(!shapes.count(key), {"the input '", key, "' is named twice"});
    check(indptr[i] <= indptr[i + 1], {"input_shape_indptr decreases at the input '", key, "'"});
    check(indptr[i + 1] - indptr[i] <= static_cast<uint32_t>(Shape::kMaxRank),
          {"the input '", key, "' has more than ", Shape::kMaxRank, " dimensions"});
    Shape shape;
    for (uint32_t at = indptr[i]; at < indptr[i + 1]; ++at) {
      check_pointer(data, "input_shape_data");
      shape.push(data[at] == 0 ? Shape::kUnknown : data[at]);
    }
    if (shape.is_known()) shape.elements();
    shapes.emplace(key, shape);
  }
  return shapes;
}

// The arguments that all ways of creating a predictor share.
struct Creation {
  const char* symbol_json;
  const void* param_bytes;
  int param_size;
  int dev_type;
  uint32_t input_count;
  const char** input_keys;
  const uint32_t* shape_indptr;
  const uint32_t* shape_data;
};

static Shared<Binding> bind(const Creation& creation, const Vector<NamedType>& dtypes,
                            const Vector<String>& output_keys) {
  check_pointer(creation.symbol_json, "symbol_json_str");
  check_pointer(creation.param_bytes, "param_bytes");
  check(creation.param_size >= 0, {"param_size is negative"});
  check(creation.dev_type == kCpu,
        {"dev_type is ", creation.dev_type, ", but the only device is ", kCpu, ", the CPU"});
  const InputTypes inputs = {read_shapes(creation.input_count, creation.input_keys,
                                         creation.shape_indptr, creation.shape_data),
                             dtypes};
  const Span<const unsigned char> params(static_cast<const unsigned char*>(creation.param_bytes),
                                         static_cast<size_t>(creation.param_size));
  return make_shared_object<Binding>(read_model(creation.symbol_json, params, output_keys), inputs,
                                     ShapesByName());
}

// Makes `count` predictors that share their weights; out[0] to out[count - 1] are their handles.
static void create(const Creation& creation, const Vector<NamedType>& dtypes,
                   const Vector<String>& output_keys, int count, PredictorHandle* out) {
  check_pointer(out, "out");
  check(count > 0 && count <= kMaxThreads, {"num_threads is ", count});
  const Shared<Binding> binding = bind(creation, dtypes, output_keys);
  Vector<Unique<PredictorObject>> objects(static_cast<size_t>(count));
  for (Unique<PredictorObject>& object : objects) {
    object = make_object(std::make_unique<Predictor>(binding));
  }
  // nothing throws from here on
  for (Unique<PredictorObject>& object : objects) *out++ = object.release();
}

static Vector<NamedType> read_dtypes(uint32_t count, const char** names, const int* codes) {
  Vector<NamedType> dtypes;
  if (count == 0) return dtypes;
  check_pointer(names, "provided_arg_dtype_names");
  check_pointer(codes, "provided_arg_dtypes");
  for (uint32_t i = 0; i < count; ++i) {
    check_pointer(names[i], "a name in provided_arg_dtype_names");
    const DType dtype = static_cast<DType>(codes[i]);
    element_size(dtype);  // throws for what is no type
    dtypes.push_back({names[i], dtype});
  }
  return dtypes;
}

static Vector<String> read_output_keys(uint32_t count, const char** keys) {
  check(count > 0, {"num_output_nodes is 0"});
  check_pointer(keys, "output_keys");
  Vector<String> names;
  for (uint32_t i = 0; i < count; ++i) {
    check_pointer(keys[i], "a name in output_keys");
    names.push_back(keys[i]);
  }
  return names;
}

// Calls a function of C for each value.
class CallbackMonitor : public Monitor {
 public:
  CallbackMonitor(PredMonitorCallback callback, void* user, bool wants_inputs)
      : callback_(callback), user_(user), wants_inputs_(wants_inputs) {}
  bool wants_inputs() const override { return wants_inputs_; }
  void show(const char* name, const Tensor& value) override {
    MonitoredArray array = {value, extents_of(value.shape())};
    callback_(name, &array, user_);
  }

 private:
  PredMonitorCallback callback_;
  void* user_;
  bool wants_inputs_;
};

}  // namespace c_predict_api_detail
}  // namespace predictor

const char* MXGetLastError(void) { return predictor::last_error(); }

int MXPredCreate(const char* symbol_json_str, const void* param_bytes, int param_size, int dev_type,
                 int, uint32_t num_input_nodes, const char** input_keys,
                 const uint32_t* input_shape_indptr, const uint32_t* input_shape_data,
                 PredictorHandle* out) {
  namespace detail = predictor::c_predict_api_detail;
  return predictor::c_boundary("MXPredCreate", [&] {
    detail::create({symbol_json_str, param_bytes, param_size, dev_type, num_input_nodes, input_keys,
                    input_shape_indptr, input_shape_data},
                   {}, {}, 1, out);
  });
}

int MXPredCreateEx(const char* symbol_json_str, const void* param_bytes, int param_size,
                   int dev_type, int, uint32_t num_input_nodes, const char** input_keys,
                   const uint32_t* input_shape_indptr, const uint32_t* input_shape_data,
                   uint32_t num_provided_arg_dtypes, const char** provided_arg_dtype_names,
                   const int* provided_arg_dtypes, PredictorHandle* out) {
  namespace detail = predictor::c_predict_api_detail;
  return predictor::c_boundary("MXPredCreateEx", [&] {
    detail::create(
        {symbol_json_str, param_bytes, param_size, dev_type, num_input_nodes, input_keys,
         input_shape_indptr, input_shape_data},
        detail::read_dtypes(num_provided_arg_dtypes, provided_arg_dtype_names, provided_arg_dtypes),
        {}, 1, out);
  });
}

int MXPredCreatePartialOut(const char* symbol_json_str, const void* param_bytes, int param_size,
                           int dev_type, int, uint32_t num_input_nodes, const char** input_keys,
                           const uint32_t* input_shape_indptr, const uint32_t* input_shape_data,
                           uint32_t num_output_nodes, const char** output_keys,
                           PredictorHandle* out) {
  namespace detail = predictor::c_predict_api_detail;
  return predictor::c_boundary("MXPredCreatePartialOut", [&] {
    detail::create({symbol_json_str, param_bytes, param_size, dev_type, num_input_nodes, input_keys,
                    input_shape_indptr, input_shape_data},
                   {}, detail::read_output_keys(num_output_nodes, output_keys), 1, out);
  });
}

int MXPredCreateMultiThread(const char* symbol_json_str, const void* param_bytes, int param_size,
                            int dev_type, int, uint32_t num_input_nodes, const char** input_keys,
                            const uint32_t* input_shape_indptr, const uint32_t* input_shape_data,
                            int num_threads, PredictorHandle* out) {
  namespace detail = predictor::c_predict_api_detail;
  return predictor::c_boundary("MXPredCreateMultiThread", [&] {
    detail::create({symbol_json_str, param_bytes, param_size, dev_type, num_input_nodes, input_keys,
                    input_shape_indptr, input_shape_data},
                   {}, {}, num_threads, out);
  });
}

int MXPredReshape(uint32_t num_input_nodes, const char** input_keys,
                  const uint32_t* input_shape_indptr, const uint32_t* input_shape_data,
                  PredictorHandle handle, PredictorHandle* out) {
  namespace detail = predictor::c_predict_api_detail;
  return predictor::c_boundary("MXPredReshape", [&] {
    detail::check_pointer(out, "out");
    const detail::PredictorObject& old = detail::as_predictor(handle);
    *out =
        detail::make_object(old.predictor->reshaped(detail::read_shapes(
                                num_input_nodes, input_keys, input_shape_indptr, input_shape_data)))
            .release();
  });
}

int MXPredGetOutputShape(PredictorHandle handle, uint32_t index, uint32_t** shape_data,
                         uint32_t* shape_ndim) {
  namespace detail = predictor::c_predict_api_detail;
  return predictor::c_boundary("MXPredGetOutputShape", [&] {
    detail::check_pointer(shape_data, "shape_data");
    detail::check_pointer(shape_ndim, "shape_ndim");
    detail::PredictorObject& object = detail::as_predictor(handle);
    object.shape = detail::extents_of(object.predictor->output_type(index).shape);
    *shape_data = object.shape.data();
    *shape_ndim = static_cast<uint32_t>(object.shape.size());
  });
}

int MXPredGetOutputType(PredictorHandle handle, uint32_t out_index, int* out_dtype) {
  namespace detail = predictor::c_predict_api_detail;
  return predictor::c_boundary("MXPredGetOutputType", [&] {
    detail::check_pointer(out_dtype, "out_dtype");
    *out_dtype =
        static_cast<int>(detail::as_predictor(handle).predictor->output_type(out_index).dtype);
  });
}

int MXPredSetInput(PredictorHandle handle, const char* key, const float* data, uint32_t size) {
  namespace detail = predictor::c_predict_api_detail;
  return predictor::c_boundary("MXPredSetInput", [&] {
    detail::check_pointer(key, "key");
    detail::check_pointer(data, "data");
    detail::as_predictor(handle).predictor->set_input(key, data, size);
  });
}

int MXPredForward(PredictorHandle handle) {
  namespace detail = predictor::c_predict_api_detail;
  return predictor::c_boundary("MXPredForward",
                               [&] { detail::as_predictor(handle).predictor->forward(); });
}

int MXPredPartialForward(PredictorHandle handle, int step, int* step_left) {
  namespace detail = predictor::c_predict_api_detail;
  return predictor::c_boundary("MXPredPartialForward", [&] {
    detail::check_pointer(step_left, "step_left");
    predictor::check(step >= 0, {"step is ", step});
    *step_left = static_cast<int>(
        detail::as_predictor(handle).predictor->partial_forward(static_cast<size_t>(step)));
  });
}

int MXPredGetOutput(PredictorHandle handle, uint32_t index, float* data, uint32_t size) {
  namespace detail = predictor::c_predict_api_detail;
  return predictor::c_boundary("MXPredGetOutput", [&] {
    detail::check_pointer(data, "data");
    detail::as_predictor(handle).predictor->copy_output(index, data, size);
  });
}

int MXPredFree(PredictorHandle handle) {
  namespace detail = predictor::c_predict_api_detail;
  return predictor::c_boundary("MXPredFree", [&] {
    const predictor::Unique<detail::PredictorObject> object(
        static_cast<detail::PredictorObject*>(handle));
  });
}

int MXPredSetMonitorCallback(PredictorHandle handle, PredMonitorCallback callback,
                             void* callback_handle, bool monitor_all) {
  namespace detail = predictor::c_predict_api_detail;
  return predictor::c_boundary("MXPredSetMonitorCallback", [&] {
    predictor::Unique<predictor::Monitor> monitor;
    if (callback)
      monitor = std::make_unique<detail::CallbackMonitor>(callback, callback_handle, monitor_all);
    detail::as_predictor(handle).predictor->set_monitor(std::move(monitor));
  });
}

int MXNDListCreate(const char* nd_file_bytes, int nd_file_size, NDListHandle* out,
                   uint32_t* out_length) {
  namespace detail = predictor::c_predict_api_detail;
  return predictor::c_boundary("MXNDListCreate", [&] {
    detail::check_pointer(nd_file_bytes, "nd_file_bytes");
    predictor::check(nd_file_size >= 0, {"nd_file_size is negative"});
    detail::check_pointer(out, "out");
    detail::check_pointer(out_length, "out_length");
    predictor::Unique<detail::ArrayList> list = std::make_unique<detail::ArrayList>();
    list->arrays = predictor::read_array_list(
        {reinterpret_cast<const unsigned char*>(nd_file_bytes), static_cast<size_t>(nd_file_size)});
    for (const predictor::NamedArray& entry : list->arrays)
      list->shapes.push_back(detail::extents_of(entry.array.type.shape));
    *out_length = static_cast<uint32_t>(list->arrays.size());
    *out = list.release();
  });
}

int MXNDListGet(NDListHandle handle, uint32_t index, const char** out_key, const float** out_data,
                const uint32_t** out_shape, uint32_t* out_ndim) {
  namespace detail = predictor::c_predict_api_detail;
  return predictor::c_boundary("MXNDListGet", [&] {
    detail::check_pointer(out_key, "out_key");
    detail::check_pointer(out_data, "out_data");
    detail::check_pointer(out_shape, "out_shape");
    detail::check_pointer(out_ndim, "out_ndim");
    const detail::ArrayList& list = detail::as_list(handle);
    predictor::check(index < list.arrays.size(), {"there is no array ", index, ": the list has ",
                                                  static_cast<uint64_t>(list.arrays.size())});
    const predictor::NamedArray& entry = list.arrays[index];
    *out_key = entry.name.c_str();
    *out_data = entry.array.tensor().floats();
    *out_shape = list.shapes[index].data();
    *out_ndim = static_cast<uint32_t>(list.shapes[index].size());
  });
}

int MXNDListFree(NDListHandle handle) {
  namespace detail = predictor::c_predict_api_detail;
  return predictor::c_boundary("MXNDListFree", [&] {
    const predictor::Unique<detail::ArrayList> list(static_cast<detail::ArrayList*>(handle));
  });
}

int MXPredReadMonitored(NDArrayHandle array, const void** out_data, int* out_dtype,
                        const uint32_t** out_shape, uint32_t* out_ndim) {
  namespace detail = predictor::c_predict_api_detail;
  return predictor::c_boundary("MXPredReadMonitored", [&] {
    detail::check_pointer(array, "array");
    detail::check_pointer(out_data, "out_data");
    detail::check_pointer(out_dtype, "out_dtype");
    detail::check_pointer(out_shape, "out_shape");
    detail::check_pointer(out_ndim, "out_ndim");
    const detail::MonitoredArray& monitored = *static_cast<const detail::MonitoredArray*>(array);
    *out_data = monitored.tensor.data;
    *out_dtype = static_cast<int>(monitored.tensor.type.dtype);
    *out_shape = monitored.shape.data();
    *out_ndim = static_cast<uint32_t>(monitored.shape.size());
  });
}

int MXPredSetThreadCount(int num_threads) {
  return predictor::c_boundary("MXPredSetThreadCount", [&] {
    predictor::check(num_threads >= 0, {"num_threads is ", num_threads});
    predictor::set_thread_count(num_threads);
  });
}

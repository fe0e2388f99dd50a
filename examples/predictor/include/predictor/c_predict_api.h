/* MXNet's C predict API: runs trained networks (NAME-symbol.json, NAME-0000.params). C99 and C++.
 *
 * Conventions, for every function unless it says otherwise:
 *
 * Result      0 on success, -1 on failure; then MXGetLastError() has the reason. Nothing else
 *             leaves the library: no exception, no signal, no output. After a failure no argument
 *             has been written to, and the handle can still be used.
 * Pointers    None may be null where nothing is said of it. What the caller passes in is copied
 *             before the function returns; what comes out belongs to the handle, stays valid as
 *             long as stated, and is never freed by the caller.
 * Text        Ends with a zero byte, UTF-8.
 * Numbers     Tensors are dense, row-major, of 32-bit floats; batch first, then channels (N, C,
 *             H, W). Sizes count elements, not bytes.
 * Threads     One handle: one thread at a time. Different handles: any number of threads at once,
 *             also handles that share weights.
 *
 * Better than in MXNet, on purpose:
 *
 * - A weight that the parameter file does not have is an error that names it, at the first run if
 *   the symbol file has its shape, as it could be set until then. Labels, which inference does not
 *   read, need neither a value nor a shape.
 * - MXPredReshape needs the shapes of the inputs that change, and of no labels.
 * - A weight cannot be set with MXPredSetInput: it has been folded into its neighbours.
 * - The handles of MXPredCreateMultiThread have inputs of their own.
 * - MXPredGetOutput of what has not been computed is an error.
 * - A monitor is not shown outputs that MXNet hides (the mask of a Dropout, the mean and variance
 *   of a normalisation, a workspace).
 * - MXPredGetOutputType writes one int, whatever the index.
 * - Parameter files of every version can be read, those of NumPy-like arrays (V3) included.
 *
 * The first run decides how a predictor computes. MXPredForward joins neighbouring operators; after
 * MXPredPartialForward, or with a monitor set before, each operator runs by itself. Once operators
 * were joined, asking for single ones is an error.
 */
#ifndef PREDICTOR_C_PREDICT_API_H_
#define PREDICTOR_C_PREDICT_API_H_

#include <stdint.h>
#ifndef __cplusplus
#include <stdbool.h>
#endif

/* Windows: a client of the DLL may define it as __declspec(dllimport). */
#ifndef MXNET_DLL
#if defined(_WIN32)
#define MXNET_DLL __declspec(dllexport)
#elif defined(__GNUC__)
#define MXNET_DLL __attribute__((visibility("default")))
#else
#define MXNET_DLL
#endif
#endif

#ifdef __cplusplus
extern "C" {
#endif

typedef uint32_t mx_uint;
typedef float mx_float;

/* A network that is ready to run. */
typedef void *PredictorHandle;
/* The arrays of a parameter file. */
typedef void *NDListHandle;
/* An array that a monitor is shown. */
typedef void *NDArrayHandle;

/* Called with the name of a value (NODE_output), the value, and the pointer given with the
 * callback. The array can be read with MXPredReadMonitored during the call, not after it. */
typedef void (*PredMonitorCallback)(const char *name, NDArrayHandle array, void *callback_handle);

/* The reason of the last failure in this thread, "" if there was none. Valid until this thread's
 * next failure. */
MXNET_DLL const char *MXGetLastError(void);

/* Loads a network.
 *
 * symbol_json_str     text of the symbol file.
 * param_bytes         the parameter file, param_size bytes.
 * dev_type, dev_id    the device: 1 is the CPU, and there is no other; the number is ignored.
 * num_input_nodes     number of inputs whose shapes follow.
 * input_keys          their names. Names that the network does not have are ignored.
 * input_shape_indptr  num_input_nodes + 1 positions in input_shape_data: the shape of input i is
 *                     from indptr[i] to indptr[i + 1].
 * input_shape_data    the extents; the network determines those that are 0, and empty shapes.
 * out                 the new handle; free it with MXPredFree.
 *
 * Memory is allocated, and weights are packed, at the first run. */
MXNET_DLL int MXPredCreate(const char *symbol_json_str, const void *param_bytes, int param_size,
                           int dev_type, int dev_id, uint32_t num_input_nodes,
                           const char **input_keys, const uint32_t *input_shape_indptr,
                           const uint32_t *input_shape_data, PredictorHandle *out);

/* MXPredCreate, with element types for arguments that are not in the parameter file.
 *
 * num_provided_arg_dtypes   number of types; the two arrays may be null if it is 0.
 * provided_arg_dtype_names  names of the arguments.
 * provided_arg_dtypes       MXNet's codes: 0 float32, 1 float64, 2 float16, 3 uint8, 4 int32, ...
 */
MXNET_DLL int MXPredCreateEx(const char *symbol_json_str, const void *param_bytes, int param_size,
                             int dev_type, int dev_id, uint32_t num_input_nodes,
                             const char **input_keys, const uint32_t *input_shape_indptr,
                             const uint32_t *input_shape_data, uint32_t num_provided_arg_dtypes,
                             const char **provided_arg_dtype_names, const int *provided_arg_dtypes,
                             PredictorHandle *out);

/* MXPredCreate, with outputs of one's own choice: num_output_nodes names of nodes in output_keys,
 * each meaning the node's output that is called NODE_output: its only one, as a rule. */
MXNET_DLL int MXPredCreatePartialOut(const char *symbol_json_str, const void *param_bytes,
                                     int param_size, int dev_type, int dev_id,
                                     uint32_t num_input_nodes, const char **input_keys,
                                     const uint32_t *input_shape_indptr,
                                     const uint32_t *input_shape_data, uint32_t num_output_nodes,
                                     const char **output_keys, PredictorHandle *out);

/* MXPredCreate, num_threads (1 to 1024) times at once: out[0] to out[num_threads - 1] share their
 * weights, and are used and freed independently of each other. */
MXNET_DLL int MXPredCreateMultiThread(const char *symbol_json_str, const void *param_bytes,
                                      int param_size, int dev_type, int dev_id,
                                      uint32_t num_input_nodes, const char **input_keys,
                                      const uint32_t *input_shape_indptr,
                                      const uint32_t *input_shape_data, int num_threads,
                                      PredictorHandle *out);

/* A new predictor for other input shapes, with the weights of `handle`, which stays as it is. Both
 * are to be freed. Inputs that are not named keep their shapes and values. It is an error if the
 * shape of a weight would change. */
MXNET_DLL int MXPredReshape(uint32_t num_input_nodes, const char **input_keys,
                            const uint32_t *input_shape_indptr, const uint32_t *input_shape_data,
                            PredictorHandle handle, PredictorHandle *out);

/* The shape of output `index`, known before the first run. *shape_data holds *shape_ndim extents
 * until the next call of this function for this handle. */
MXNET_DLL int MXPredGetOutputShape(PredictorHandle handle, uint32_t index, uint32_t **shape_data,
                                   uint32_t *shape_ndim);

/* The element type of output out_index, as one of MXNet's codes. */
MXNET_DLL int MXPredGetOutputType(PredictorHandle handle, uint32_t out_index, int *out_dtype);

/* Sets an input. size: its number of elements. The value stays until it is set again; it is zero at
 * first. Elements of an input that is not float32 (MXPredCreateEx) are of that type. */
MXNET_DLL int MXPredSetInput(PredictorHandle handle, const char *key, const float *data,
                             uint32_t size);

/* Runs the network. */
MXNET_DLL int MXPredForward(PredictorHandle handle);

/* Runs node number `step` alone. *step_left is the number of nodes after it: call with step = 0, 1,
 * ... while it is positive. */
MXNET_DLL int MXPredPartialForward(PredictorHandle handle, int step, int *step_left);

/* Copies output `index` of the last run to `data`. size: its number of elements. */
MXNET_DLL int MXPredGetOutput(PredictorHandle handle, uint32_t index, float *data, uint32_t size);

/* Frees a predictor; null is nothing to free. */
MXNET_DLL int MXPredFree(PredictorHandle handle);

/* From now on, each run calls `callback` after each node with each of its outputs; if monitor_all,
 * also before it with each of its inputs: variables by their own names, then all as MXNet calls
 * them (NODE_data, NODE_arg1, NODE_input0). A null callback ends that. callback_handle may be null.
 * The callback may not use `handle`. */
MXNET_DLL int MXPredSetMonitorCallback(PredictorHandle handle, PredMonitorCallback callback,
                                       void *callback_handle, bool monitor_all);

/* Reads a parameter file, or any other list of arrays, of nd_file_size bytes. *out is to be freed
 * with MXNDListFree; *out_length is the number of arrays. */
MXNET_DLL int MXNDListCreate(const char *nd_file_bytes, int nd_file_size, NDListHandle *out,
                             uint32_t *out_length);

/* Array `index`, as float32 whatever the file holds, valid until MXNDListFree. *out_key is "" in a
 * list without names. *out_data is null, and *out_ndim 0, for an array without a value. */
MXNET_DLL int MXNDListGet(NDListHandle handle, uint32_t index, const char **out_key,
                          const float **out_data, const uint32_t **out_shape, uint32_t *out_ndim);

/* Frees a list; null is nothing to free. */
MXNET_DLL int MXNDListFree(NDListHandle handle);

/* ---- Extensions: not in MXNet ---- */

/* Reads the array that a monitor is shown, while its callback runs.
 *
 * *out_data holds the elements (*out_dtype as in MXPredGetOutputType; 0, float32, is the rule),
 * *out_shape the *out_ndim extents. Both end with the callback. */
MXNET_DLL int MXPredReadMonitored(NDArrayHandle array, const void **out_data, int *out_dtype,
                                  const uint32_t **out_shape, uint32_t *out_ndim);

/* Sets how many threads work together on one network, for all predictors of the process.
 *
 * 0: as many as the environment variable PREDICTOR_NUM_THREADS says or, without it, as there are
 * processors, which is also what holds before the first call. Small networks are run by the caller
 * alone; so is a network while another one has the threads. Results do not depend on it, bit for
 * bit. The threads end with the last predictor. */
MXNET_DLL int MXPredSetThreadCount(int num_threads);

#ifdef __cplusplus
}
#endif

#endif /* PREDICTOR_C_PREDICT_API_H_ */

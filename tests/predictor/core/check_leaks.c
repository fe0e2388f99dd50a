/*
 * Makes predictors in every way, runs them and frees them, again and again; also those that cannot
 * be made. Valgrind sees what is lost then.
 *
 * usage: check_leaks SYMBOL PARAMS    the network reads `data` of (2, 3, 5, 5)
 */
#include <stdio.h>
#include <stdlib.h>

#include "predictor/c_predict_api.h"

enum { kRounds = 10, kSize = 2 * 3 * 5 * 5, kThreads = 2 };

static const char *kKeys[] = {"data"};
static const mx_uint kEnds[] = {0, 4};
static const mx_uint kShape[] = {2, 3, 5, 5};
static const mx_uint kOneImage[] = {1, 3, 5, 5};

static void require(int result) {
  if (result == 0) return;
  puts(MXGetLastError());
  exit(1);
}

/* The whole file with a NUL after it; the caller frees it. */
static char *read_file(const char *path, int *size) {
  FILE *file = fopen(path, "rb");
  char *data;
  if (file == NULL || fseek(file, 0, SEEK_END) != 0) exit(2);
  *size = (int)ftell(file);
  rewind(file);
  data = malloc((size_t)*size + 1);
  if (data == NULL || fread(data, 1, (size_t)*size, file) != (size_t)*size) exit(2);
  data[*size] = '\0';
  fclose(file);
  return data;
}

static void run(PredictorHandle predictor, mx_uint size) {
  float values[kSize] = {0};
  require(MXPredSetInput(predictor, "data", values, size));
  require(MXPredForward(predictor));
  require(MXPredGetOutput(predictor, 0, values, size));
}

static void step(PredictorHandle predictor) {
  int left = 1;
  for (int i = 0; left > 0; ++i) require(MXPredPartialForward(predictor, i, &left));
}

static void make_and_free(const char *symbol, const char *params, int size) {
  static const char *output = "relu";
  PredictorHandle made[kThreads];
  PredictorHandle reshaped;
  NDListHandle list;
  mx_uint count;
  require(MXPredCreate(symbol, params, size, 1, 0, 1, kKeys, kEnds, kShape, &made[0]));
  run(made[0], kSize);
  require(MXPredReshape(1, kKeys, kEnds, kOneImage, made[0], &reshaped));
  require(MXPredFree(made[0]));
  run(reshaped, kSize / 2);
  require(MXPredFree(reshaped));
  require(MXPredCreatePartialOut(symbol, params, size, 1, 0, 1, kKeys, kEnds, kShape, 1, &output,
                                 &made[0]));
  step(made[0]);
  require(MXPredFree(made[0]));
  require(
      MXPredCreateMultiThread(symbol, params, size, 1, 0, 1, kKeys, kEnds, kShape, kThreads, made));
  for (int i = 0; i < kThreads; ++i) run(made[i], kSize);
  for (int i = 0; i < kThreads; ++i) require(MXPredFree(made[i]));
  require(MXNDListCreate(params, size, &list, &count));
  require(MXNDListFree(list));
  if (MXPredCreate("{", params, size, 1, 0, 1, kKeys, kEnds, kShape, made) == 0 ||
      MXPredCreate(symbol, params, size / 2, 1, 0, 1, kKeys, kEnds, kShape, made) == 0 ||
      MXPredCreate(symbol, params, size, 1, 0, 0, NULL, kEnds, kShape, made) == 0) {
    exit(3);
  }
}

int main(int count, char **words) {
  int sizes[2];
  char *symbol;
  char *params;
  if (count != 3) return 2;
  symbol = read_file(words[1], &sizes[0]);
  params = read_file(words[2], &sizes[1]);
  for (int i = 0; i < kRounds; ++i) make_and_free(symbol, params, sizes[1]);
  free(symbol);
  free(params);
  return 0;
}

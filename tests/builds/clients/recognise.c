/*
 * Recognises digits as a C program does that was written for MXNet: knows the predictor by its C
 * header alone.
 *
 * usage: recognise SYMBOL PARAMS IMAGES    IMAGES holds 8x8 little-endian floats for each image
 *
 * Prints the ten probabilities of each image on a line of its own, then the text of a call that
 * must fail.
 */
#include <stdio.h>
#include <stdlib.h>

#include "c_predict_api.h"

enum { kPixels = 64, kDigits = 10 };

static int fail(const char *what) {
  fprintf(stderr, "%s: %s\n", what, MXGetLastError());
  return 1;
}

/* Returns the whole file with a NUL after it, or null; the caller frees it. */
static char *read_file(const char *path, long *size) {
  FILE *file = fopen(path, "rb");
  char *data = NULL;
  if (file == NULL) return NULL;
  if (fseek(file, 0, SEEK_END) == 0 && (*size = ftell(file)) >= 0) {
    data = malloc((size_t)*size + 1);
    rewind(file);
    if (data != NULL && fread(data, 1, (size_t)*size, file) == (size_t)*size) data[*size] = '\0';
  }
  fclose(file);
  return data;
}

int main(int count, char **words) {
  static const char *const keys[] = {"data"};
  static const mx_uint indptr[] = {0, 4};
  static const mx_uint shape[] = {1, 1, 8, 8};
  float probabilities[kDigits];
  float pixels[kPixels];
  long sizes[3];
  char *files[3];
  PredictorHandle predictor = NULL;
  FILE *images;

  if (count != 4) return 2;
  for (int i = 0; i < 2; ++i) {
    files[i] = read_file(words[i + 1], &sizes[i]);
    if (files[i] == NULL) return 2;
  }
  if (MXPredCreate(files[0], files[1], (int)sizes[1], 1, 0, 1, (const char **)keys, indptr, shape,
                   &predictor) != 0) {
    return fail("MXPredCreate");
  }
  free(files[0]);
  free(files[1]);

  images = fopen(words[3], "rb");
  if (images == NULL) return 2;
  while (fread(pixels, sizeof pixels, 1, images) == 1) {
    if (MXPredSetInput(predictor, "data", pixels, kPixels) != 0) return fail("MXPredSetInput");
    if (MXPredForward(predictor) != 0) return fail("MXPredForward");
    if (MXPredGetOutput(predictor, 0, probabilities, kDigits) != 0) return fail("MXPredGetOutput");
    for (int i = 0; i < kDigits; ++i) printf("%s%.9g", i > 0 ? " " : "", probabilities[i]);
    printf("\n");
  }
  fclose(images);

  if (MXPredSetInput(predictor, "nothing", pixels, kPixels) != -1) return 3;
  printf("error: %s\n", MXGetLastError());
  return MXPredFree(predictor) == 0 ? 0 : fail("MXPredFree");
}

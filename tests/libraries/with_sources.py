"""Libraries of several translation units, from source distributions that ship them."""

from __future__ import annotations

import gzip

from libraries.library import Library

CORPUS = "".join(f"line {number} of {number * number % 97}\n" for number in range(5000))
_CORPUS_IN_C = """
static char corpus[200000];
static size_t make_corpus(void) {
  size_t size = 0;
  for (int number = 0; number < 5000; ++number)
    size += (size_t)sprintf(corpus + size, "line %d of %d\\n", number, number * number % 97);
  return size;
}
"""

LIBRARIES = [
    Library(
        "brotli",
        "MIT",
        "brotli==1.2.1",
        "c",
        '[input]\nsources = ["common/*.c", "dec/*.c", "enc/*.c"]\ninclude_dirs = ["include"]\n',
        f"""
#include <brotli/decode.h>
#include <brotli/encode.h>
#include <stdio.h>
#include <string.h>
{_CORPUS_IN_C}
int main(void) {{
  static uint8_t packed[200000], back[200000];
  size_t size = make_corpus(), packed_size = sizeof packed, back_size = sizeof back;
  if (!BrotliEncoderCompress(9, 22, BROTLI_MODE_TEXT, size, (const uint8_t*)corpus, &packed_size, packed)) return 1;
  if (packed_size * 4 > size) return 2;
  if (BrotliDecoderDecompress(packed_size, packed, &back_size, back) != BROTLI_DECODER_RESULT_SUCCESS) return 3;
  printf("%d", back_size == size && memcmp(back, corpus, size) == 0);
  return 0;
}}
""",
        ("brotli.c",),
        lambda printed: printed == b"1",
        ("include",),
        ("-lm",),
    ),
    Library(
        "lz4",
        "BSD-2-Clause",
        "lz4==4.4.5",
        "lz4libs",
        '[input]\nsources = ["lz4.c", "lz4hc.c", "lz4frame.c", "xxhash.c"]\n'
        '[defines]\nLZ4_FREESTANDING = "0"\nLZ4_DISABLE_DEPRECATE_WARNINGS = ""\n',
        f"""
#include <lz4frame.h>
#include <lz4hc.h>
#include <stdio.h>
#include <string.h>
{_CORPUS_IN_C}
int main(void) {{
  static char packed[300000], back[200000];
  size_t size = make_corpus(), back_size = sizeof back;
  LZ4F_preferences_t preferences = LZ4F_INIT_PREFERENCES;
  preferences.compressionLevel = 9;
  preferences.frameInfo.contentChecksumFlag = LZ4F_contentChecksumEnabled;
  size_t packed_size = LZ4F_compressFrame(packed, sizeof packed, corpus, size, &preferences);
  if (LZ4F_isError(packed_size) || packed_size * 3 > size) return 1;
  LZ4F_dctx* context;
  LZ4F_createDecompressionContext(&context, LZ4F_VERSION);
  if (LZ4F_decompress(context, back, &back_size, packed, &packed_size, NULL) != 0) return 2;
  LZ4F_freeDecompressionContext(context);
  printf("%d", back_size == size && memcmp(back, corpus, size) == 0);
  return 0;
}}
""",
        ("lz4.c",),
        lambda printed: printed == b"1",
        (".",),
    ),
    Library(
        "zopfli",
        "Apache-2.0",
        "zopfli==0.4.3",
        "zopfli/src/zopfli",
        '[input]\nsources = ["*.c"]\n[files]\nexclude = ["zopfli_bin.c"]\n',
        f"""
#include <stdio.h>
#include <stdlib.h>
#include <zopfli.h>
{_CORPUS_IN_C}
int main(void) {{
  ZopfliOptions options;
  ZopfliInitOptions(&options);
  options.numiterations = 1;
  unsigned char* packed = NULL;
  size_t size = make_corpus(), packed_size = 0;
  ZopfliCompress(&options, ZOPFLI_FORMAT_GZIP, (const unsigned char*)corpus, size, &packed, &packed_size);
  fwrite(packed, 1, packed_size, stdout);
  free(packed);
  return 0;
}}
""",
        ("zopfli.c",),
        lambda printed: gzip.decompress(printed).decode() == CORPUS,
        (".",),
        ("-lm",),
    ),
    Library(
        "libsass",
        "MIT",
        "libsass==0.23.0",
        "libsass",
        '[input]\nsources = ["src/*.cpp", "src/*.c"]\ninclude_dirs = ["include", "src"]\n'
        "[defines]\nLIBSASS_VERSION = '\"3.6.5\"'\n",
        """
#include <sass/context.h>
#include <stdio.h>
#include <string.h>
int main() {
  char* text = sass_copy_c_string("$w: 10px; nav { ul { width: $w * 2; &:hover { color: mix(red, blue); } } }");
  struct Sass_Data_Context* data = sass_make_data_context(text);
  struct Sass_Context* context = sass_data_context_get_context(data);
  sass_option_set_output_style(sass_context_get_options(context), SASS_STYLE_COMPRESSED);
  int status = sass_compile_data_context(data);
  fputs(status == 0 ? sass_context_get_output_string(context) : sass_context_get_error_message(context), stdout);
  sass_delete_data_context(data);
  return status;
}
""",
        ("libsass.c", "libsass.cc"),
        lambda printed: printed == b"nav ul{width:20px}nav ul:hover{color:purple}\n",
        ("include",),
        ("-std=c++14", "-w", "-ldl"),
    ),
    Library(
        "double-conversion",
        "BSD-3-Clause",
        "ujson==6.1.0",
        "src/ujson/deps/double-conversion",
        '[input]\nsources = ["double-conversion/*.cc"]\ninclude_dirs = ["."]\n',
        """
#include <double-conversion/double-conversion.h>
#include <initializer_list>
#include <stdio.h>
int main() {
  using namespace double_conversion;
  for (double value : {0.1, 1e21, 5e-324, 1.0 / 3}) {
    char text[64];
    StringBuilder builder(text, sizeof text);
    DoubleToStringConverter::EcmaScriptConverter().ToShortest(value, &builder);
    printf("%s ", builder.Finalize());
  }
  StringToDoubleConverter back(0, 0, 0, nullptr, nullptr);
  int read = 0;
  printf("%d", back.StringToDouble("2.2250738585072011e-308", 23, &read) == 2.2250738585072011e-308);
  return 0;
}
""",
        ("double-conversion.cc",),
        lambda printed: printed == b"0.1 1e+21 5e-324 0.3333333333333333 1",
        (".",),
    ),
    Library(
        "xxhash",
        "BSD-2-Clause",
        "xxhash==4.1.0",
        "deps/xxhash",
        '[input]\nsources = ["xxhash.c"]\n',
        """
#include <stdio.h>
#include <xxhash.h>
int main(void) {
  printf("%016llx %08x", (unsigned long long)XXH64("", 0, 0), XXH32("", 0, 0));
  return 0;
}
""",
        ("xxhash.c",),
        lambda printed: printed == b"ef46db3751d8e999 02cc5d05",
        (".",),
    ),
]

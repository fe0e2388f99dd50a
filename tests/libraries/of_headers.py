"""Libraries of headers alone, from Debian's development packages: each becomes one header."""

from __future__ import annotations

from libraries.library import Library

LIBRARIES = [
    Library(
        "nlohmann-json",
        "MIT",
        "nlohmann-json3-dev",
        "nlohmann",
        '[input]\nheader_only = ["nlohmann/json.hpp"]\ninclude_dirs = ["."]\n[output]\nheader = "one.hpp"\n',
        """
#include <iostream>
#include "one.hpp"
int main() {
  nlohmann::json document = nlohmann::json::parse(R"({"b": [1, 2.5, null], "a": {"c": "\\u00e4"}})");
  document["d"] = document["b"].size();
  std::cout << document.dump() << nlohmann::json::from_cbor(nlohmann::json::to_cbor(document)).at("d");
  return 0;
}
""",
        ("one.hpp",),
        lambda printed: printed.decode() == '{"a":{"c":"\u00e4"},"b":[1,2.5,null],"d":3}3',
    ),
    Library(
        "rapidjson",
        "MIT",
        "rapidjson-dev",
        "rapidjson",
        '[input]\nheader_only = ["rapidjson/document.h", "rapidjson/prettywriter.h"]\ninclude_dirs = ["."]\n'
        '[output]\nheader = "one.hpp"\n',
        """
#include <cstdio>
#include "one.hpp"
int main() {
  rapidjson::Document document;
  if (document.Parse("{\\"a\\": [true, 1e3]}").HasParseError()) return 1;
  document["a"].PushBack(7, document.GetAllocator());
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  document.Accept(writer);
  std::fputs(buffer.GetString(), stdout);
  return 0;
}
""",
        ("one.hpp",),
        lambda printed: printed == b'{"a":[true,1000.0,7]}',
    ),
    Library(
        "fmt",
        "MIT",
        "libfmt-dev",
        "fmt",
        '[input]\nheader_only = ["fmt/chrono.h", "fmt/ranges.h"]\ninclude_dirs = ["."]\n'
        '[defines]\nFMT_HEADER_ONLY = "1"\n[output]\nheader = "one.hpp"\n',
        """
#include <chrono>
#include <cstdio>
#include <vector>
#include "one.hpp"
int main() {
  std::vector<int> numbers = {1, 2, 3};
  std::fputs(fmt::format("{:>8.3f}|{}|{:#x}|{}", 3.14159, numbers, 255, std::chrono::seconds(90)).c_str(), stdout);
  return 0;
}
""",
        ("one.hpp",),
        lambda printed: printed == b"   3.142|[1, 2, 3]|0xff|90s",
    ),
    Library(
        "cli11",
        "BSD-3-Clause",
        "libcli11-dev",
        "CLI",
        '[input]\nheader_only = ["CLI/CLI.hpp"]\ninclude_dirs = ["."]\n[output]\nheader = "one.hpp"\n',
        """
#include <cstdio>
#include "one.hpp"
int main() {
  CLI::App app;
  int count = 0;
  std::string name;
  app.add_option("-c,--count", count)->check(CLI::Range(1, 9));
  app.add_option("name", name);
  const char* words[] = {"program", "--count", "7", "Ada"};
  CLI11_PARSE(app, 4, words);
  std::printf("%d %s", count, name.c_str());
  return 0;
}
""",
        ("one.hpp",),
        lambda printed: printed == b"7 Ada",
    ),
    Library(
        "cereal",
        "BSD-3-Clause",
        "libcereal-dev",
        "cereal",
        '[input]\nheader_only = ["cereal/archives/binary.hpp", "cereal/types/vector.hpp", "cereal/types/string.hpp"]\n'
        'include_dirs = ["."]\n[output]\nheader = "one.hpp"\n',
        """
#include <iostream>
#include <sstream>
#include "one.hpp"
int main() {
  std::stringstream stream;
  std::vector<std::string> words = {"one", "file"}, back;
  { cereal::BinaryOutputArchive archive(stream); archive(words); }
  { cereal::BinaryInputArchive archive(stream); archive(back); }
  std::cout << back.size() << back[1];
  return 0;
}
""",
        ("one.hpp",),
        lambda printed: printed == b"2file",
    ),
]

#pragma once

namespace hello {

// How one greets at `hour`, up to the name: "Good morning". Null for an hour that no clock shows.
const char* greeting_at(int hour);

}  // namespace hello

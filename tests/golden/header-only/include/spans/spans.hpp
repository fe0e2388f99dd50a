// Views of arrays.
#pragma once
#include "spans/iterate.hpp"
#include "spans/view.hpp"

#pragma once

#include <map>
#include <string>
#include <vector>

namespace penholder::testing {

/// What a reader of a class has to keep in mind, over all the files that it stands in.
struct class_size {
    std::size_t lines = 0;    ///< Its definition, and its functions that are defined outside of it.
    std::size_t members = 0;  ///< Data members of an object; static ones do not count.
    std::size_t bools = 0;    ///< Those of them that are a bool.
};

struct function_size {
    std::string name;
    std::string place;  ///< "lib/write/router.cpp:18"
    std::size_t lines = 0;
};

/// The classes and functions below some folders, as universal-ctags sees them.
struct source_classes {
    std::map<std::string, class_size> classes;  ///< By full name, without unnamed namespaces.
    std::vector<function_size> functions;
};

/// Reads the C++ sources below these folders of the project; throws std::runtime_error where ctags cannot be run.
source_classes classes_below(const std::vector<std::string>& folders);

}  // namespace penholder::testing

#include "tests/policy/json.h"

#include <Poco/JSON/Array.h>
#include <Poco/JSON/Object.h>
#include <Poco/JSON/Parser.h>

#include <fstream>
#include <sstream>

namespace maildoctor::testing {
namespace {

Json value_of(const Poco::Dynamic::Var& var) {
    Json value;
    if (var.isEmpty()) return value;
    if (var.type() == typeid(Poco::JSON::Object::Ptr)) {
        for (const auto& [name, member] : *var.extract<Poco::JSON::Object::Ptr>())
            value.members.emplace(name, value_of(member));
    } else if (var.type() == typeid(Poco::JSON::Array::Ptr)) {
        value.is_array = true;
        for (const auto& item : *var.extract<Poco::JSON::Array::Ptr>())
            value.items.push_back(value_of(item));
    } else {
        value.text = var.convert<std::string>();
    }
    return value;
}

}  // namespace

const Json& Json::operator[](const std::string& name) const {
    static const Json nothing;
    const auto found = members.find(name);
    return found == members.end() ? nothing : found->second;
}

std::vector<std::string> Json::texts() const {
    std::vector<std::string> all;
    for (const Json& item : items)
        all.push_back(item.text);
    return all;
}

Json read_json(const std::string& path) {
    const std::ifstream file(path);
    std::stringstream text;
    text << file.rdbuf();
    return value_of(Poco::JSON::Parser().parse(text.str()));
}

}  // namespace maildoctor::testing

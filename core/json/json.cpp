#include "core/json/json.h"

#include <Poco/JSON/Handler.h>
#include <Poco/JSON/Parser.h>

#include <algorithm>
#include <exception>
#include <limits>

#include "core/model/text.h"

namespace maildoctor::json {
namespace {

template <class T, class Content>
const T& content_or_empty(const Content& content) noexcept {
    static const T empty{};
    const T* const found = std::get_if<T>(&content);
    return found == nullptr ? empty : *found;
}

const Value& null_value() noexcept {
    static const Value null;
    return null;
}

/// A bound was met; the parser is left by this exception.
class TooMuch : public std::exception {
public:
    explicit TooMuch(const char* words) : words_(words) {}
    const char* what() const noexcept override { return words_; }

private:
    const char* words_;
};

/// Builds values from the parser's events and counts what it builds.
class Builder final : public Poco::JSON::Handler {
public:
    explicit Builder(const Limits& limits) : limits_(limits) {}

    void reset() override {}
    void startObject() override { open(Value(Value::Object{})); }
    void endObject() override { close(); }
    void startArray() override { open(Value(Value::Array{})); }
    void endArray() override { close(); }
    void key(const std::string& name) override { stack_.back().name = name; }
    void null() override { add(Value()); }
    void value(int number) override { add(Value(std::int64_t{number})); }
    void value(unsigned number) override { add(Value(std::int64_t{number})); }
    void value(Poco::Int64 number) override { add(Value(std::int64_t{number})); }
    void value(Poco::UInt64 number) override {
        constexpr auto most = static_cast<Poco::UInt64>(std::numeric_limits<std::int64_t>::max());
        add(number > most ? Value(static_cast<double>(number)) : Value(static_cast<std::int64_t>(number)));
    }
    void value(const std::string& text) override { add(Value(text)); }
    void value(double number) override { add(Value(number)); }
    void value(bool truth) override { add(Value(truth)); }

    Value take() { return std::move(result_); }

private:
    struct Level {
        bool object{false};
        Value::Array array{};
        Value::Object members{};
        std::string name{};
    };

    void open(const Value& kind) {
        if (stack_.size() >= limits_.depth) throw TooMuch("is nested too deep");
        stack_.push_back({.object = kind.is_object()});
    }
    void close() {
        Level done = std::move(stack_.back());
        stack_.pop_back();
        add(done.object ? Value(std::move(done.members)) : Value(std::move(done.array)));
    }
    void add(Value value) {
        if (++count_ > limits_.values) throw TooMuch("holds too many values");
        if (stack_.empty()) {
            result_ = std::move(value);
        } else if (Level& level = stack_.back(); level.object) {
            level.members.emplace_back(std::move(level.name), std::move(value));
            level.name.clear();
        } else {
            level.array.push_back(std::move(value));
        }
    }

    Limits limits_;
    std::vector<Level> stack_;
    std::size_t count_{0};
    Value result_;
};

}  // namespace

const std::string& Value::text() const noexcept {
    return content_or_empty<std::string>(content_);
}

std::int64_t Value::integer(std::int64_t otherwise) const noexcept {
    const auto* const found = std::get_if<std::int64_t>(&content_);
    return found == nullptr ? otherwise : *found;
}

bool Value::boolean() const noexcept {
    const auto* const found = std::get_if<bool>(&content_);
    return found != nullptr && *found;
}

const Value::Array& Value::array() const noexcept {
    return content_or_empty<Array>(content_);
}

const Value::Object& Value::object() const noexcept {
    return content_or_empty<Object>(content_);
}

const Value& Value::operator[](std::string_view name) const noexcept {
    const Object& members = object();
    const auto found = std::find_if(members.rbegin(), members.rend(),
                                    [&](const auto& member) { return member.first == name; });
    return found == members.rend() ? null_value() : found->second;
}

const Value& Value::any_case(std::string_view name) const noexcept {
    const Object& members = object();
    const auto found = std::find_if(members.rbegin(), members.rend(),
                                    [&](const auto& member) { return same_word(member.first, name); });
    return found == members.rend() ? null_value() : found->second;
}

std::expected<Value, std::string> read(std::string_view bytes, const Limits& limits) {
    if (bytes.size() > limits.octets) return std::unexpected("is too large");
    if (bytes.starts_with("\xEF\xBB\xBF"))
        bytes.remove_prefix(3);  // RFC 8259 section 8.1 lets readers skip it
    if (trimmed(bytes).empty()) return std::unexpected("is empty");
    try {
        Poco::SharedPtr<Builder> builder(new Builder(limits));
        Poco::JSON::Parser parser(builder);
        parser.setDepth(limits.depth + 2);  // a second fence: the parser's own stack
        parser.parse(std::string(bytes));
        return builder->take();
    } catch (const TooMuch& limit) {
        return std::unexpected(limit.what());
    } catch (const std::exception&) {  // Poco names positions that count from somewhere else
        return std::unexpected("is not JSON");
    }
}

}  // namespace maildoctor::json

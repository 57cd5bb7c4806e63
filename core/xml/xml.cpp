#include "core/xml/xml.h"

#include <Poco/SAX/Attributes.h>
#include <Poco/SAX/DeclHandler.h>
#include <Poco/SAX/DefaultHandler.h>
#include <Poco/SAX/Locator.h>
#include <Poco/SAX/SAXException.h>
#include <Poco/SAX/SAXParser.h>

#include <algorithm>
#include <optional>

#include "core/model/text.h"

namespace maildoctor::xml {
namespace {

constexpr std::size_t max_line = 300;  // octets of a fault's text

std::string without_prefix(const std::string& name) {
    return name.substr(name.find(':') + 1);
}

/// Builds the tree. After the first fault everything is ignored: an exception must not cross expat's frames.
class TreeBuilder final : public Poco::XML::DefaultHandler, public Poco::XML::DeclHandler {
public:
    void setDocumentLocator(const Poco::XML::Locator* locator) override { locator_ = locator; }

    void startElement(const Poco::XML::XMLString&, const Poco::XML::XMLString&,
                      const Poco::XML::XMLString& name, const Poco::XML::Attributes& attributes) override {
        if (fault_) return;
        if (open_.size() == max_depth) return stop("too-deep", "elements are nested too deeply");
        if (++count_ > max_elements) return stop("too-large", "too many elements");
        Element element{.name = without_prefix(name), .line = line(), .column = column()};
        for (int i = 0; i < attributes.getLength(); ++i)
            element.attributes.emplace_back(attributes.getQName(i), attributes.getValue(i));
        open_.push_back(std::move(element));
    }

    void endElement(const Poco::XML::XMLString&, const Poco::XML::XMLString&,
                    const Poco::XML::XMLString&) override {
        if (fault_) return;
        Element done = std::move(open_.back());
        open_.pop_back();
        if (open_.empty()) {
            root_ = std::move(done);
        } else {
            open_.back().children.push_back(std::move(done));
        }
    }

    void characters(const Poco::XML::XMLChar data[], int start, int length) override {
        if (!fault_ && !open_.empty())
            open_.back().text.append(data + start, static_cast<std::size_t>(length));
    }

    void internalEntityDecl(const Poco::XML::XMLString&, const Poco::XML::XMLString&) override { refuse(); }
    void externalEntityDecl(const Poco::XML::XMLString&, const Poco::XML::XMLString*,
                            const Poco::XML::XMLString&) override {
        refuse();
    }
    void attributeDecl(const Poco::XML::XMLString&, const Poco::XML::XMLString&, const Poco::XML::XMLString*,
                       const Poco::XML::XMLString*) override {}
    void elementDecl(const Poco::XML::XMLString&, const Poco::XML::XMLString&) override {}

    const std::optional<XmlFault>& fault() const noexcept { return fault_; }
    bool inside() const noexcept { return !open_.empty(); }
    std::optional<Element> take() { return std::exchange(root_, std::nullopt); }

private:
    void refuse() { stop("forbidden-entity", "the document type declares entities, which is refused"); }
    void stop(const char* kind, const char* text) {
        if (!fault_) fault_ = XmlFault{.kind = kind, .line = line(), .column = column(), .text = text};
    }
    std::size_t line() const {
        return locator_ == nullptr ? 0 : static_cast<std::size_t>(std::max(0, locator_->getLineNumber()));
    }
    std::size_t column() const {
        return locator_ == nullptr ? 0
                                   : static_cast<std::size_t>(std::max(0, locator_->getColumnNumber())) + 1;
    }

    const Poco::XML::Locator* locator_{nullptr};
    std::vector<Element> open_;
    std::optional<Element> root_;
    std::optional<XmlFault> fault_;
    std::size_t count_{0};
};

/// Whether the document type declares entities, in any encoding whose ASCII part is ASCII or padded with
/// zeros. Found before the parser sees them, so that none is ever stored.
std::optional<std::size_t> entity_declaration(std::string_view bytes) {
    std::string ascii;
    std::ranges::copy_if(bytes, std::back_inserter(ascii), [](char c) { return c != '\0'; });
    for (std::size_t at = 0; at < ascii.size(); ++at) {
        const std::string_view rest = std::string_view(ascii).substr(at);
        if (rest.starts_with("<!--")) {  // comments do not count
            const std::size_t end = rest.find("-->", 4);
            if (end == std::string_view::npos) return std::nullopt;
            at += end + 2;
        } else if (rest.starts_with("<!ENTITY")) {
            return static_cast<std::size_t>(
                       std::count(ascii.begin(), ascii.begin() + static_cast<std::ptrdiff_t>(at), '\n')) +
                   1;
        } else if (rest.starts_with('<') && rest.size() > 1 && rest[1] != '!' && rest[1] != '?') {
            return std::nullopt;  // the root element: the document type is over
        }
    }
    return std::nullopt;
}

bool ends_too_early(std::string_view words) {
    return words.starts_with("No element found") || words.starts_with("Unclosed") ||
           words.starts_with("Partial");
}

}  // namespace

const Element* Element::child(std::string_view wanted) const noexcept {
    const auto found = std::ranges::find(children, wanted, &Element::name);
    return found == children.end() ? nullptr : &*found;
}

const std::string* Element::attribute(std::string_view wanted) const noexcept {
    const auto found =
        std::ranges::find_if(attributes, [&](const auto& pair) { return pair.first == wanted; });
    return found == attributes.end() ? nullptr : &found->second;
}

std::expected<Element, XmlFault> parse_xml(std::string_view bytes) {
    if (bytes.size() > max_document)
        return std::unexpected(XmlFault{.kind = "too-large", .text = "the document is larger than 1 MiB"});
    if (const auto line = entity_declaration(bytes))
        return std::unexpected(XmlFault{.kind = "forbidden-entity",
                                        .line = *line,
                                        .column = 1,
                                        .text = "the document type declares entities, which is refused"});
    TreeBuilder builder;
    Poco::XML::SAXParser parser;
    parser.setFeature(Poco::XML::XMLReader::FEATURE_NAMESPACES, false);
    parser.setFeature(Poco::XML::XMLReader::FEATURE_NAMESPACE_PREFIXES, true);
    parser.setFeature(Poco::XML::XMLReader::FEATURE_EXTERNAL_GENERAL_ENTITIES, false);
    parser.setFeature(Poco::XML::XMLReader::FEATURE_EXTERNAL_PARAMETER_ENTITIES, false);
    parser.setContentHandler(&builder);
    parser.setProperty(Poco::XML::XMLReader::PROPERTY_DECLARATION_HANDLER,
                       static_cast<Poco::XML::DeclHandler*>(&builder));
    try {
        parser.parseMemoryNP(bytes.data(), bytes.size());
    } catch (const Poco::XML::SAXParseException& error) {
        if (builder.fault()) return std::unexpected(*builder.fault());
        const std::string words = cleaned(error.message(), max_line);
        return std::unexpected(
            XmlFault{.kind = ends_too_early(words) && builder.inside() ? "truncated" : "not-well-formed",
                     .line = static_cast<std::size_t>(std::max(0, error.getLineNumber())),
                     .column = static_cast<std::size_t>(std::max(0, error.getColumnNumber())) + 1,
                     .text = words});
    } catch (const Poco::Exception& error) {
        return std::unexpected(
            XmlFault{.kind = "not-well-formed", .text = cleaned(error.displayText(), max_line)});
    }
    if (builder.fault()) return std::unexpected(*builder.fault());
    auto root = builder.take();
    if (!root) return std::unexpected(XmlFault{.kind = "not-well-formed", .text = "there is no element"});
    return std::move(*root);
}

}  // namespace maildoctor::xml

#include "core/mime/bounce.h"

#include <Poco/Base64Decoder.h>
#include <Poco/Exception.h>
#include <Poco/MemoryStream.h>
#include <Poco/Net/MediaType.h>
#include <Poco/Net/MessageHeader.h>
#include <Poco/Net/MultipartReader.h>
#include <Poco/Net/QuotedPrintableDecoder.h>
#include <Poco/NullStream.h>
#include <Poco/StreamCopier.h>
#include <Poco/String.h>

#include <algorithm>
#include <array>
#include <istream>
#include <iterator>
#include <memory>

#include "core/model/ascii.h"

namespace maildoctor::mime {
namespace {

using Poco::Net::MediaType;
using Poco::Net::MessageHeader;

constexpr std::size_t max_text = std::size_t{4} << 20;  ///< of the human part
constexpr std::size_t max_recipients = 100;
constexpr int max_parts = 200;

bool same(std::string_view a, std::string_view b) {
    return a.size() == b.size() &&
           std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view trim(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t' || text.front() == '\r'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r'))
        text.remove_suffix(1);
    return text;
}

std::string all_of(std::istream& in) {
    std::string text;
    std::array<char, 8192> buffer{};
    while (text.size() < max_text && in.read(buffer.data(), buffer.size()).gcount() > 0)
        text.append(buffer.data(), static_cast<std::size_t>(in.gcount()));
    return text;
}

/// "smtp; 550 5.1.1 …" → "550 5.1.1 …" (RFC 3464 section 2.1.2: a type in front of each of these values)
std::string_view without_type(std::string_view value) {
    const std::size_t semicolon = value.find(';');
    if (semicolon == std::string_view::npos || semicolon > 20 ||
        value.substr(0, semicolon).find(' ') != std::string_view::npos)
        return value;
    return trim(value.substr(semicolon + 1));
}

/// The lines of a block of fields, folded ones joined; the block ends at an empty line or at the end.
/// @return false when there are no more lines
bool next_field(std::string_view& text, std::string& line) {
    line.clear();
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        line += trim(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
        const bool continues =
            !line.empty() && !text.empty() && (text.front() == ' ' || text.front() == '\t');
        if (!continues || line.size() > 65536) return true;
        line += ' ';
    }
    return !line.empty();
}

bool put_field(std::string_view line, DeliveryStatus& status) {
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return false;
    const std::string_view name = trim(line.substr(0, colon)), value = trim(line.substr(colon + 1));
    if (same(name, "Status")) return status.status = value, true;
    if (same(name, "Action")) return status.action = value, true;
    if (same(name, "Diagnostic-Code")) return status.diagnostic = without_type(value), true;
    if (same(name, "Remote-MTA")) return status.remote_mta = without_type(value), true;
    if (same(name, "Final-Recipient") || (same(name, "Original-Recipient") && status.recipient.empty()))
        return status.recipient = without_type(value), true;
    return false;
}

void read_status(std::string_view text, ReadableMail& mail) {
    DeliveryStatus status;
    std::string line;
    bool any = false;
    const auto flush = [&] {
        if (any && mail.recipients.size() < max_recipients) mail.recipients.push_back(std::move(status));
        status = {};
        any = false;
    };
    while (next_field(text, line)) {
        if (line.empty())
            flush();
        else
            any = put_field(line, status) || any;
    }
    flush();
    std::erase_if(mail.recipients,
                  [](const DeliveryStatus& s) { return s.status.empty() && s.diagnostic.empty(); });
}

std::string without_tags(std::string_view html) {
    std::string text;
    bool inside = false;
    for (const char c : html) {
        if (c == '<')
            inside = true;
        else if (c == '>' && inside)
            inside = false, text += ' ';
        else if (!inside)
            text += c;
    }
    for (const auto& [entity, plain] :
         {std::pair{"&nbsp;", " "}, {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&amp;", "&"}})
        Poco::replaceInPlace(text, std::string(entity), std::string(plain));
    return text;
}

std::string decoded(std::istream& in, const MessageHeader& header) {
    const std::string encoding = header.get("Content-Transfer-Encoding", "7bit");
    if (Poco::icompare(encoding, "base64") == 0) {
        Poco::Base64Decoder decoder(in);
        return all_of(decoder);
    }
    if (Poco::icompare(encoding, "quoted-printable") == 0) {
        Poco::Net::QuotedPrintableDecoder decoder(in);
        return all_of(decoder);
    }
    return all_of(in);
}

class Reader {
public:
    ReadableMail run(std::string_view bytes) {
        Poco::MemoryInputStream in(bytes.data(), static_cast<std::streamsize>(bytes.size()));
        MessageHeader header;
        header.read(in);
        const std::string subject = header.get("Subject", "");
        entity(in, header, 0);
        if (!subject.empty()) mail_.text = subject + "\n" + mail_.text;
        return std::move(mail_);
    }

private:
    void entity(std::istream& in, const MessageHeader& header, int depth) {
        const MediaType type(header.get("Content-Type", "text/plain"));
        if (type.matches("multipart") && type.hasParameter("boundary") && depth < max_depth)
            multipart(in, type, depth);
        else if (type.matches("message", "delivery-status") ||
                 type.matches("message", "global-delivery-status"))
            read_status(decoded(in, header), mail_);
        else if (type.matches("text", "html"))
            add_html(without_tags(decoded(in, header)));
        else if (type.matches("text", "plain"))
            add_text(decoded(in, header));
        // message/rfc822 and text/rfc822-headers are the mail that came back; the rest is no text
    }

    void multipart(std::istream& in, const MediaType& type, int depth) {
        Poco::Net::MultipartReader reader(in, type.getParameter("boundary"));
        while (reader.hasNextPart() && parts_++ < max_parts) {
            MessageHeader header;
            reader.nextPart(header);
            // The part is read whole first: decoders read the buffer below the stream and would not see its
            // end.
            const std::string raw = all_of(reader.stream());
            if (reader.stream().good()) {
                Poco::NullOutputStream rest;
                Poco::StreamCopier::copyStream(reader.stream(), rest);
            }
            Poco::MemoryInputStream part(raw.data(), static_cast<std::streamsize>(raw.size()));
            entity(part, header, depth + 1);
        }
    }

    void add_text(const std::string& text) {
        plain_ = true;
        if (mail_.text.size() < max_text) mail_.text += text + "\n";
    }
    void add_html(const std::string& text) {
        if (!plain_ && mail_.text.size() < max_text) mail_.text += text + "\n";
    }

    ReadableMail mail_{};
    int parts_{0};
    bool plain_{false};
};

/// Everything as it stands, with the status fields picked out by their names.
ReadableMail scan_lines(std::string_view bytes) {
    ReadableMail mail;
    read_status(bytes, mail);
    mail.text = std::string(bytes.substr(0, max_text));
    return mail;
}

}  // namespace

bool looks_like_mail(std::string_view text) {
    static constexpr std::array<std::string_view, 12> names = {"received",
                                                               "from",
                                                               "to",
                                                               "subject",
                                                               "date",
                                                               "message-id",
                                                               "mime-version",
                                                               "content-type",
                                                               "return-path",
                                                               "delivered-to",
                                                               "x-failed-recipients",
                                                               "auto-submitted"};
    std::string_view rest = text;
    while (rest.starts_with('\n') || rest.starts_with('\r'))
        rest.remove_prefix(1);
    int known = 0;
    for (int lines = 0; lines < 200 && !rest.empty(); ++lines) {
        const std::size_t end = std::min(rest.find('\n'), rest.size());
        const std::string_view line = trim(rest.substr(0, end));
        const char first = rest.front();
        rest.remove_prefix(std::min(end + 1, rest.size()));
        if (line.empty()) return known >= 3;
        if (first == ' ' || first == '\t' || (lines == 0 && line.starts_with("From "))) continue;
        const std::size_t colon = line.find(':');
        if (colon == std::string_view::npos || colon == 0 ||
            line.substr(0, colon).find(' ') != std::string_view::npos)
            return false;
        known += std::ranges::any_of(
            names, [&](std::string_view name) { return same(line.substr(0, colon), name); });
    }
    return false;
}

ReadableMail read_mail(std::string_view bytes) {
    while (bytes.starts_with('\n') || bytes.starts_with('\r'))
        bytes.remove_prefix(1);
    if (bytes.starts_with("From "))
        bytes.remove_prefix(std::min(bytes.find('\n'), bytes.size() - 1) + 1);  // mbox
    try {
        ReadableMail mail = Reader().run(bytes);
        if (!mail.recipients.empty() || !mail.text.empty()) return mail;
    } catch (const Poco::Exception&) {
        // too long or malformed for Poco: the lines are still readable
    }
    return scan_lines(bytes);
}

std::string readable_text(std::string_view bytes) {
    const ReadableMail mail = read_mail(bytes);
    std::string text;
    for (const DeliveryStatus& status : mail.recipients) {
        if (!status.recipient.empty()) text += "Final-Recipient: " + status.recipient + "\n";
        if (!status.status.empty()) text += "Status: " + status.status + "\n";
        if (!status.remote_mta.empty()) text += "Remote-MTA: " + status.remote_mta + "\n";
        if (!status.diagnostic.empty()) text += "Diagnostic-Code: " + status.diagnostic + "\n";
    }
    return text + mail.text;
}

}  // namespace maildoctor::mime

// The form of a check: fields as they are typed, read into a request with each fault marked at its field.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/doctor/credentials.h"
#include "core/model/report.h"
#include "gui/model/words.h"

namespace maildoctor::gui {

/// A password while it is typed: a buffer that never moves and is wiped when it is taken and at its end.
class SecretField {
public:
    SecretField() = default;
    SecretField(const SecretField&) = delete;
    SecretField& operator=(const SecretField&) = delete;
    ~SecretField() { wipe(); }

    char* data() noexcept { return bytes_.data(); }
    std::size_t size() const noexcept { return bytes_.size(); }
    bool empty() const noexcept { return bytes_.front() == '\0'; }
    void wipe() noexcept;
    /// The secret; the field is empty and wiped afterwards. Nothing when it was empty.
    std::shared_ptr<const Secret> take();

private:
    std::array<char, 512> bytes_{};
};

enum class KindChoice : std::uint8_t { find_out, imap, pop3 };
enum class SecurityChoice : std::uint8_t { find_out, tls, starttls, none };
enum class UserChoice : std::uint8_t { find_out, whole_address, before_at, own };

struct ServerFields {
    KindChoice kind{};  ///< of the receiving side only
    std::string host{}, port{};
    SecurityChoice security{};
    UserChoice user{};
    std::string user_name{};  ///< when `user` is own

    bool given() const { return !host.empty() || !port.empty(); }
};

struct CheckForm {
    std::string email{};
    SecretField password{};
    ServerFields incoming{}, outgoing{};
    std::string program{};  ///< id, or empty
    std::string error_text{};
    bool for_someone_else{true};
    bool show_settings{false};
};

enum class Field : std::uint8_t { email, in_host, in_port, in_user, out_host, out_port, out_user };

struct FieldFault {
    Field field{};
    Text what{};  ///< what to type instead
};

struct FormReading {
    Request request{};
    std::vector<FieldFault> faults{};  ///< empty: the request can be started

    const Text* fault_at(Field field) const;
};

FormReading read_form(const CheckForm& form, Language language);

/// What to log in with; the password field is empty and wiped afterwards.
doctor::Credentials take_credentials(CheckForm& form, const Request& request);

}  // namespace maildoctor::gui

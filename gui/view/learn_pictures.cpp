// The pictures of Learn: a few shapes, arrows and words, drawn to fit the width.
#include <algorithm>
#include <array>
#include <cmath>

#include "gui/view/views.h"
#include "gui/view/widgets.h"

namespace maildoctor::gui {
namespace {

/// Draws in a field of 100 x 40 units, whatever its size on the screen.
class Canvas {
public:
    explicit Canvas(const Ui& ui)
        : ui_(ui), draw_(*ImGui::GetWindowDrawList()), at_(ImGui::GetCursorScreenPos()) {
        unit_ = std::min(ImGui::GetContentRegionAvail().x, ui.em * 52) / 100;
        draw_.AddRectFilled(at_, {at_.x + 100 * unit_, at_.y + 40 * unit_}, ui.color.accent_soft,
                            ui.em * 0.5F);
    }
    Canvas(const Canvas&) = delete;
    Canvas& operator=(const Canvas&) = delete;
    ~Canvas() { ImGui::Dummy({100 * unit_, 40 * unit_}); }

    const Ui& ui() const { return ui_; }
    const Palette& color() const { return ui_.color; }
    ImVec2 p(float x, float y) const { return {at_.x + x * unit_, at_.y + y * unit_}; }

    void label(float x, float y, const char* text, ImU32 colour = 0, float size = 2.6F) const {
        const float pixels = std::max(size * unit_, ui_.em * 0.75F);
        const ImVec2 box = ui_.fonts.body->CalcTextSizeA(pixels, 1e6F, 0, text);
        draw_.AddText(ui_.fonts.body, pixels, {p(x, y).x - box.x / 2, p(x, y).y},
                      colour != 0 ? colour : color().text, text);
    }
    void arrow(float x1, float y1, float x2, float y2, ImU32 colour, bool dashed = false) const {
        const ImVec2 from = p(x1, y1), to = p(x2, y2);
        const float length = std::hypot(to.x - from.x, to.y - from.y);
        const ImVec2 step{(to.x - from.x) / length, (to.y - from.y) / length};
        const float head = unit_ * 2;
        const float dash = dashed ? unit_ * 1.6F : length;
        for (float at = 0; at < length - head; at += dash * 1.7F) {
            const float end = std::min(at + dash, length - head);
            draw_.AddLine({from.x + step.x * at, from.y + step.y * at},
                          {from.x + step.x * end, from.y + step.y * end}, colour, unit_ * 0.5F);
        }
        const ImVec2 base{to.x - step.x * head, to.y - step.y * head};
        draw_.AddTriangleFilled(to, {base.x - step.y * head * 0.6F, base.y + step.x * head * 0.6F},
                                {base.x + step.y * head * 0.6F, base.y - step.x * head * 0.6F}, colour);
    }
    void computer(float x, float y) const {
        box(x - 5, y - 4, x + 5, y + 2.6F, color().text);
        draw_.AddRectFilled(p(x - 4.2F, y - 3.2F), p(x + 4.2F, y + 1.8F), with_alpha(color().accent, 0.25F));
        draw_.AddRectFilled(p(x - 1, y + 2.6F), p(x + 1, y + 4), color().text);
        draw_.AddRectFilled(p(x - 3.5F, y + 4), p(x + 3.5F, y + 4.6F), color().text);
    }
    void phone(float x, float y) const {
        box(x - 2.4F, y - 4.4F, x + 2.4F, y + 4.4F, color().text);
        draw_.AddRectFilled(p(x - 1.8F, y - 3.4F), p(x + 1.8F, y + 2.8F), with_alpha(color().accent, 0.25F));
        draw_.AddCircleFilled(p(x, y + 3.6F), unit_ * 0.5F, color().text);
    }
    void server(float x, float y) const {
        for (int i = 0; i < 3; ++i) {
            const float top = y - 5 + static_cast<float>(i) * 3.5F;
            box(x - 4.4F, top, x + 4.4F, top + 3, color().text);
            draw_.AddCircleFilled(p(x - 3, top + 1.5F), unit_ * 0.55F, color().good);
            draw_.AddLine(p(x - 1.2F, top + 1.5F), p(x + 3.4F, top + 1.5F), color().muted, unit_ * 0.35F);
        }
    }
    void letter(float x, float y, ImU32 colour, float size = 1) const {
        box(x - 3 * size, y - 2 * size, x + 3 * size, y + 2 * size, colour);
        draw_.AddLine(p(x - 3 * size, y - 2 * size), p(x, y + 0.4F * size), colour, unit_ * 0.4F);
        draw_.AddLine(p(x + 3 * size, y - 2 * size), p(x, y + 0.4F * size), colour, unit_ * 0.4F);
    }
    void lock(float x, float y, ImU32 colour) const {
        draw_.PathArcTo(p(x, y - 1), unit_ * 1.5F, 3.1416F, 6.2832F, 16);
        draw_.PathStroke(colour, 0, unit_ * 0.6F);
        draw_.AddRectFilled(p(x - 2.1F, y - 1), p(x + 2.1F, y + 2.2F), colour, unit_ * 0.4F);
    }
    void mark(float x, float y, CellState state) const { draw_mark(draw_, ui_, p(x, y), unit_ * 2, state); }
    void box(float x1, float y1, float x2, float y2, ImU32 colour) const {
        draw_.AddRectFilled(p(x1, y1), p(x2, y2), color().surface, unit_ * 0.5F);
        draw_.AddRect(p(x1, y1), p(x2, y2), colour, unit_ * 0.5F, 0, std::max(1.2F, unit_ * 0.35F));
    }

private:
    const Ui& ui_;
    ImDrawList& draw_;
    ImVec2 at_;
    float unit_{};
};

void pop3_picture(const Canvas& c) {
    const Ui& ui = c.ui();
    c.server(24, 18);
    c.label(24, 27, ui.t({"mailbox at the provider", "Postfach beim Anbieter"}));
    c.computer(78, 18);
    c.label(78, 27, ui.t({"one computer", "ein Computer"}));
    c.arrow(32, 18, 70, 18, c.color().accent);
    c.letter(44, 12, c.color().accent, 0.8F);
    c.letter(54, 12, c.color().accent, 0.8F);
    c.label(51, 33,
            ui.t({"POP3 empties the mailbox into one computer", "POP3 leert das Postfach in einen Computer"}),
            c.color().muted);
}

void imap_picture(const Canvas& c) {
    const Ui& ui = c.ui();
    c.server(50, 14);
    c.letter(50, 5, c.color().accent, 0.8F);
    c.label(50, 23, ui.t({"the mail stays here", "die Mail bleibt hier"}));
    c.computer(16, 22);
    c.phone(84, 22);
    c.arrow(42, 16, 23, 20, c.color().accent);
    c.arrow(23, 23, 42, 19, c.color().accent);
    c.arrow(58, 16, 79, 20, c.color().accent);
    c.arrow(79, 23, 58, 19, c.color().accent);
    c.label(50, 33,
            ui.t({"IMAP: every device shows the same folders", "IMAP: jedes Gerät zeigt dieselben Ordner"}),
            c.color().muted);
}

void smtp_picture(const Canvas& c) {
    const Ui& ui = c.ui();
    c.computer(10, 16);
    c.label(10, 24, ui.t({"you", "Sie"}));
    c.server(37, 16);
    c.label(37, 25, ui.t({"your provider", "Ihr Anbieter"}));
    c.server(65, 16);
    c.label(65, 25, ui.t({"their provider", "deren Anbieter"}));
    c.computer(90, 16);
    c.label(90, 24, ui.t({"they", "die anderen"}));
    c.arrow(17, 16, 31, 16, c.color().accent);
    c.label(24, 9, "SMTP 587");
    c.arrow(43, 16, 59, 16, c.color().accent);
    c.label(51, 9, "SMTP 25");
    c.arrow(83, 16, 71, 16, c.color().good);
    c.label(77, 9, "IMAP 993");
    c.label(50, 33,
            ui.t({"sending goes from server to server; receiving is another way",
                  "Senden geht von Server zu Server; Empfangen ist ein anderer Weg"}),
            c.color().muted);
}

void account_picture(const Canvas& c) {
    const Ui& ui = c.ui();
    c.computer(50, 18);
    c.label(50, 27, ui.t({"mail program", "Mailprogramm"}));
    c.server(14, 16);
    c.label(14, 25, ui.t({"incoming server", "Posteingang"}));
    c.server(86, 16);
    c.label(86, 25, ui.t({"outgoing server", "Postausgang"}));
    c.arrow(21, 16, 43, 17, c.color().good);
    c.label(32, 9, "IMAP 993 / POP3 995");
    c.arrow(57, 17, 79, 16, c.color().accent);
    c.label(68, 9, "SMTP 587 / 465");
    c.label(50, 33,
            ui.t({"an account needs both servers, each with port and encryption",
                  "Ein Konto braucht beide Server, jeden mit Port und Verschlüsselung"}),
            c.color().muted);
}

void encryption_picture(const Canvas& c) {
    const Ui& ui = c.ui();
    c.computer(10, 12);
    c.arrow(18, 12, 80, 12, c.color().bad, true);
    c.label(48, 4,
            ui.t({"without encryption: a postcard, all along the way can read it",
                  "ohne Verschlüsselung: eine Postkarte, unterwegs liest jeder mit"}));
    c.server(88, 12);
    c.computer(10, 29);
    c.arrow(18, 29, 80, 29, c.color().good);
    c.lock(48, 26, c.color().good);
    c.label(48, 32, ui.t({"with TLS: a sealed letter", "mit TLS: ein versiegelter Brief"}));
    c.server(88, 29);
}

void certificate_picture(const Canvas& c) {
    const Ui& ui = c.ui();
    c.server(16, 17);
    c.label(16, 26, "mail.example.org");
    c.box(33, 8, 67, 27, c.color().text);
    c.label(50, 10, ui.t({"Certificate", "Zertifikat"}), c.color().accent, 3);
    c.label(50, 15, ui.t({"for mail.example.org", "für mail.example.org"}));
    c.label(50, 19, ui.t({"valid until March", "gültig bis März"}));
    c.label(50, 23, ui.t({"signed by an authority", "von einer Stelle bestätigt"}));
    c.computer(86, 17);
    c.mark(86, 8, CellState::good);
    c.label(50, 33,
            ui.t({"the program compares name, date and signature",
                  "Das Programm vergleicht Name, Datum und Unterschrift"}),
            c.color().muted);
}

void ports_picture(const Canvas& c) {
    const Ui& ui = c.ui();
    struct Door {
        const char* number;
        const char* what;
        bool safe;
    };
    constexpr std::array doors = {Door{"993", "IMAP", true},  Door{"995", "POP3", true},
                                  Door{"465", "SMTP", true},  Door{"587", "SMTP", true},
                                  Door{"143", "IMAP", false}, Door{"110", "POP3", false},
                                  Door{"25", "SMTP", false}};
    float x = 9;
    for (const Door& door : doors) {
        c.box(x - 4.5F, 9, x + 4.5F, 26, door.safe ? c.color().good : c.color().warning);
        c.label(x, 12, door.number, 0, 3.4F);
        c.label(x, 18, door.what, c.color().muted);
        if (door.safe) c.lock(x, 6.5F, c.color().good);
        x += 13.6F;
    }
    c.label(50, 29.5F,
            ui.t({"one server, many doors: the port says which service you want",
                  "ein Server, viele Türen: der Port sagt, welcher Dienst gemeint ist"}));
    c.label(50, 34,
            ui.t({"lock: protected from the start, or (587) before the login",
                  "Schloss: geschützt von Anfang an, oder (587) vor der Anmeldung"}),
            c.color().muted);
}

void relay_picture(const Canvas& c) {
    const Ui& ui = c.ui();
    c.computer(14, 17);
    c.label(14, 26, ui.t({"a stranger", "ein Fremder"}));
    c.server(50, 17);
    c.label(50, 26, ui.t({"open relay", "offenes Relay"}));
    c.computer(86, 17);
    c.label(86, 26, ui.t({"another stranger", "ein anderer Fremder"}));
    c.arrow(21, 17, 43, 17, c.color().bad);
    c.arrow(57, 17, 79, 17, c.color().bad);
    c.letter(32, 11, c.color().bad, 0.8F);
    c.letter(68, 11, c.color().bad, 0.8F);
    c.mark(50, 7, CellState::bad);
    c.label(50, 33,
            ui.t({"a server must not carry mail from strangers to strangers",
                  "Ein Server darf nicht Post von Fremden an Fremde tragen"}),
            c.color().muted);
}

void dns_picture(const Canvas& c) {
    const Ui& ui = c.ui();
    c.computer(14, 17);
    c.box(38, 8, 62, 26, c.color().text);
    c.label(50, 10, ui.t({"DNS: address book", "DNS: Adressbuch"}), c.color().accent);
    c.label(50, 16, "mail.example.org");
    c.label(50, 20, "192.0.2.25");
    c.server(86, 17);
    c.label(86, 26, "192.0.2.25");
    c.arrow(21, 13, 37, 13, c.color().accent);
    c.arrow(37, 20, 21, 20, c.color().accent);
    c.arrow(21, 30, 80, 30, c.color().good);
    c.label(50, 33,
            ui.t({"first the name is looked up, then the server is called",
                  "erst wird der Name nachgeschlagen, dann der Server gerufen"}),
            c.color().muted);
}

void sender_picture(const Canvas& c) {
    const Ui& ui = c.ui();
    c.server(14, 17);
    c.label(14, 26, ui.t({"sending server", "sendender Server"}));
    c.server(86, 17);
    c.label(86, 26, ui.t({"receiving server", "empfangender Server"}));
    c.box(36, 4, 64, 14, c.color().text);
    c.label(50, 5.5F, ui.t({"published by the domain:", "von der Domain veröffentlicht:"}));
    c.label(50, 9.5F, "SPF, DKIM, DMARC", c.color().accent);
    c.arrow(21, 20, 78, 20, c.color().accent);
    c.letter(50, 20, c.color().accent);
    c.arrow(80, 13, 66, 9, c.color().muted, true);
    c.label(50, 33,
            ui.t({"the receiver asks: may this server send for that domain?",
                  "Der Empfänger fragt: Darf dieser Server für diese Domain senden?"}),
            c.color().muted);
}

}  // namespace

bool learn_picture(const Ui& ui, Picture picture) {
    if (picture == Picture::none) return false;
    const Canvas canvas(ui);
    switch (picture) {
        case Picture::pop3:
            pop3_picture(canvas);
            break;
        case Picture::imap:
            imap_picture(canvas);
            break;
        case Picture::smtp:
            smtp_picture(canvas);
            break;
        case Picture::account:
            account_picture(canvas);
            break;
        case Picture::encryption:
            encryption_picture(canvas);
            break;
        case Picture::certificate:
            certificate_picture(canvas);
            break;
        case Picture::ports:
            ports_picture(canvas);
            break;
        case Picture::relay:
            relay_picture(canvas);
            break;
        case Picture::dns:
            dns_picture(canvas);
            break;
        case Picture::sender_check:
            sender_picture(canvas);
            break;
        case Picture::none:
            break;
    }
    return true;
}

}  // namespace maildoctor::gui

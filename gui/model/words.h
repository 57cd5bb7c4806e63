// The words of the window itself, in both languages. What is said about causes and reports comes from
// core/report and the rules: one source for the command line and the window.
#pragma once

#include "core/report/phrases.h"

namespace maildoctor::gui {

using report::Language;

/// One text in each language.
struct Text {
    const char* english;
    const char* german;
    constexpr const char* in(Language language) const noexcept {
        return language == Language::german ? german : english;
    }
};

namespace say {

// ---- the frame
inline constexpr Text paste{"Paste", "Einfügen"}, check{"Check", "Prüfen"}, fix{"Fix", "Beheben"},
    validate{"Validate", "Domains"}, history{"History", "Verlauf"}, call{"Call script", "Gespräch"},
    learn{"Learn", "Lernen"}, help{"Help", "Hilfe"};
inline constexpr Text theme{"Theme", "Farben"}, light{"Light", "Hell"}, dark{"Dark", "Dunkel"},
    contrast{"High contrast", "Starker Kontrast"}, text_size{"Text size", "Schriftgröße"},
    language{"Language", "Sprache"}, settings{"Settings", "Einstellungen"};
inline constexpr Text copied{"Copied to the clipboard", "In die Zwischenablage kopiert"},
    saved{"Saved: ", "Gespeichert: "}, close{"Close", "Schließen"}, cancel{"Cancel", "Abbrechen"},
    copy{"Copy", "Kopieren"}, no_file_text{"This file is no text", "Diese Datei ist kein Text"};
inline constexpr Text automatic{"From the text", "Aus dem Text"},
    any_program{"Any mail program", "Jedes Mailprogramm"}, mail_program{"Mail program", "Mailprogramm"};

// ---- Paste
inline constexpr Text paste_title{"What does the mail program say?", "Was sagt das Mailprogramm?"},
    paste_hint{
        "Paste or type the error message here, or drop a text file or a saved message (.eml) on the window.",
        "Fehlermeldung hier einfügen oder eintippen, oder eine Textdatei oder gespeicherte Nachricht (.eml) "
        "auf das Fenster ziehen."},
    paste_try{"Try an example", "Ein Beispiel ansehen"}, clear{"Clear", "Leeren"},
    decided{"What decided it", "Was den Ausschlag gab"}, ask_server{"Ask the server", "Server fragen"},
    asking{"Asking the server…", "Der Server wird gefragt…"},
    show_details{"Show the details", "Einzelheiten zeigen"}, copy_ticket{"Copy ticket", "Ticket kopieren"},
    copy_customer{"Copy for the customer", "Für den Kunden kopieren"},
    go_fix{"Step by step", "Schritt für Schritt"}, less_sure{"How sure", "Wie sicher"},
    cut_text{"Only the first part of this long text is shown.",
             "Von diesem langen Text ist nur der Anfang zu sehen."};

// ---- Check
inline constexpr Text check_title{"Check an account", "Ein Konto prüfen"},
    email{"E-mail address", "E-Mail-Adresse"},
    password{"Password (only to try the login)", "Passwort (nur zum Probieren der Anmeldung)"},
    typed_settings{"Settings as typed in the mail program", "Einstellungen wie im Mailprogramm"},
    receiving{"Receiving", "Empfangen"}, sending{"Sending", "Senden"}, protocol{"Protocol", "Protokoll"},
    server{"Server", "Server"}, port{"Port", "Port"}, encryption{"Encryption", "Verschlüsselung"},
    user_name{"User name", "Benutzername"}, not_given{"find out", "herausfinden"}, none{"none", "keine"},
    whole_address{"whole address", "ganze Adresse"}, before_at{"part before the @", "Teil vor dem @"},
    own_name{"another name", "ein anderer Name"},
    for_someone_else{"I am testing for a caller", "Ich prüfe für einen Anrufer"},
    start_check{"Start the check", "Prüfung starten"}, stopping{"Stopping…", "Wird angehalten…"},
    checking{"Checking", "Prüfung läuft"}, new_check{"New check", "Neue Prüfung"},
    error_text{"Error shown (optional)", "Fehlermeldung (falls vorhanden)"};
inline constexpr Text want_email{"Type it like name@example.org", "Geben Sie sie so ein: name@example.org"},
    want_host{"Type a server name like mail.example.org, without http://",
              "Geben Sie einen Servernamen ein wie "
              "mail.example.org, ohne http://"},
    want_port{"Type a number from 1 to 65535, or leave it empty",
              "Geben Sie eine Zahl von 1 bis 65535 ein, oder "
              "lassen Sie das Feld leer"},
    want_something{"Type an e-mail address or a server",
                   "Geben Sie eine E-Mail-Adresse oder einen Server ein"},
    want_name{"Type the user name", "Geben Sie den Benutzernamen ein"};
inline constexpr Text matrix{"Servers", "Server"}, timeline{"Time line", "Zeitlinie"},
    so_far{"So far", "Bisher"}, dns{"DNS", "DNS"}, tls{"TLS", "TLS"}, login{"Login", "Anmeldung"},
    relay{"Relay", "Relay"}, evidence{"What was seen", "Was zu sehen war"},
    transcript{"Dialog with the server", "Gespräch mit dem Server"},
    click_cell{"Choose a mark to see what was seen.",
               "Wählen Sie ein Zeichen, um zu sehen, was zu sehen war."},
    why{"Why we think so", "Warum wir das glauben"},
    no_password_kept{"The password was wiped from memory.", "Das Passwort wurde aus dem Speicher gelöscht."},
    working_settings{"Settings that work", "Einstellungen, die funktionieren"},
    not_tested{"Not tested", "Nicht getestet"},
    was_stopped{"It was stopped before its end.", "Sie wurde vor dem Ende angehalten."},
    own_fault{"A fault of maildoctor: ", "Ein Fehler von maildoctor: "};
inline constexpr Text state_good{"works", "funktioniert"},
    state_warning{"works with a flaw", "funktioniert mit Mangel"},
    state_bad{"does not work", "funktioniert nicht"},
    state_unknown{"could not be told", "nicht feststellbar"}, state_closed{"not offered", "nicht angeboten"},
    state_running{"running", "läuft"}, state_untested{"not asked", "nicht gefragt"};

// ---- Fix
inline constexpr Text fix_title{"What to do", "Was zu tun ist"}, steps_done{"done", "erledigt"},
    nothing_to_fix{
        "Paste an error or check an account first; the steps then stand here.",
        "Fügen Sie zuerst eine Fehlermeldung ein oder prüfen Sie ein Konto; die Schritte stehen dann hier."},
    set_up{"Set up the account in ", "Das Konto einrichten in "},
    no_guide{"Choose the mail program to see its steps.",
             "Wählen Sie das Mailprogramm, um seine Schritte zu sehen."},
    repeat_failed{"Repeat what failed", "Fehlgeschlagenes wiederholen"},
    what_changed{"What changed", "Was sich geändert hat"},
    nothing_changed{"Nothing changed.", "Es hat sich nichts geändert."}, findings{"Findings", "Befunde"},
    message_to{"Copy a message to: ", "Nachricht kopieren an: "},
    save_html{"Save report (HTML)", "Bericht speichern (HTML)"},
    save_json{"Save report (JSON)", "Bericht speichern (JSON)"}, file{"File", "Datei"},
    before{"before", "vorher"}, now{"now", "jetzt"}, gone{"gone", "behoben"}, appeared{"new", "neu"},
    still{"still there", "besteht noch"},
    all_well{"All that was asked for works.", "Alles, wonach gefragt wurde, funktioniert."};

// ---- Validate
inline constexpr Text validate_title{"Check many domains", "Viele Domains prüfen"},
    validate_hint{
        "One domain a line; text around the names does not matter. A file can be dropped on the window.",
        "Eine Domain je Zeile; Text um die Namen stört nicht. Eine Datei kann auf das Fenster gezogen "
        "werden."},
    domains{"domains", "Domains"}, start{"Start", "Starten"}, filter{"Filter", "Filtern"},
    domain{"Domain", "Domain"}, state{"State", "Zustand"}, result{"Result", "Ergebnis"},
    who_acts{"Who acts", "Wer handelt"}, warnings{"Warnings", "Warnungen"},
    settings_found{"Settings", "Einstellungen"}, checks{"Questions", "Fragen"}, took{"Took", "Dauer"},
    waiting{"waiting", "wartet"}, running{"running", "läuft"}, export_csv{"Export CSV", "CSV speichern"},
    export_html{"Export HTML", "HTML speichern"}, export_json{"Export JSON", "JSON speichern"},
    ok{"works", "in Ordnung"}, problem{"problem", "Problem"}, inconclusive{"not told", "offen"},
    of{"of", "von"}, edit_list{"Edit the list", "Liste bearbeiten"};

// ---- History
inline constexpr Text history_title{"Earlier runs", "Frühere Prüfungen"},
    history_empty{"No run was kept yet. Runs are kept when this is ticked.",
                  "Noch wurde keine Prüfung aufgehoben. Mit "
                  "diesem Haken werden Prüfungen aufgehoben."},
    keep_runs{"Keep the runs of this window", "Die Prüfungen dieses Fensters aufheben"},
    compare{"Compare two", "Zwei vergleichen"},
    choose_two{"Choose two runs to compare them.", "Wählen Sie zwei Prüfungen, um sie zu vergleichen."},
    when{"When", "Wann"}, about{"About", "Worüber"}, main_cause{"Main cause", "Hauptursache"},
    same{"Both say the same.", "Beide sagen dasselbe."};

// ---- call script
inline constexpr Text call_title{"On the phone", "Am Telefon"},
    call_hint{"Ask this; the answers lead to the cause.",
              "Fragen Sie das; die Antworten führen zur Ursache."},
    call_answers{"Answers so far", "Bisherige Antworten"},
    call_likely{"What it points to", "Worauf es deutet"}, call_restart{"Start again", "Von vorn"},
    call_back{"One back", "Eins zurück"}, call_unknown{"The caller does not know", "Weiß der Anrufer nicht"},
    call_done{"That is probably it", "Das ist es wahrscheinlich"},
    call_check{"Check this account", "Dieses Konto prüfen"},
    call_open{"Several causes are still possible; a check of the account tells more.",
              "Mehrere Ursachen sind noch möglich; "
              "eine Prüfung des Kontos sagt mehr."},
    caller_said{"The caller said: ", "Der Anrufer sagte: "};

// ---- Learn, help
inline constexpr Text learn_title{"Words of mail, explained", "Die Wörter der E-Mail, erklärt"},
    find{"Find a word", "Ein Wort suchen"}, see_also{"See also", "Siehe auch"},
    nothing_found{"Nothing found.", "Nichts gefunden."};
inline constexpr Text help_title{"Keys", "Tasten"};
inline constexpr Text settings_unwritable{"The settings of the window cannot be kept: ",
                                          "Die Einstellungen des Fensters "
                                          "können nicht behalten werden: "},
    no_font{"No system font was found; the built-in one is used.",
            "Keine Schrift des Systems gefunden; die eingebaute wird benutzt."};

}  // namespace say
}  // namespace maildoctor::gui

// The readers of the single kinds of files under rules/; read_sources() strings them together.
#pragma once

#include <toml++/toml.h>

#include <string>
#include <string_view>
#include <vector>

#include "core/knowledge/source.h"

namespace maildoctor::knowledge {

/// Parses TOML; a syntax error becomes a complaint and the answer is false.
bool parse_toml(std::string_view text, const std::string& file, toml::table& root,
                std::vector<Complaint>& complaints);

void read_codes(const std::string& text, const std::string& file, const std::string& name, Sources& sources,
                std::vector<Complaint>& complaints);
void read_lexicon(std::string_view text, const std::string& file, Sources& sources,
                  std::vector<Complaint>& complaints);
void read_texts(const toml::table& root, const std::string& file, const std::string& language,
                Sources& sources, std::vector<Complaint>& complaints);
void read_programs(const toml::table& root, const std::string& file, Sources& sources,
                   std::vector<Complaint>& complaints);
void read_provider(const toml::table& root, const std::string& file, Sources& sources,
                   std::vector<Complaint>& complaints);
void read_guide(const toml::table& root, const std::string& file, const std::string& language,
                Sources& sources, std::vector<Complaint>& complaints);
void read_tls(const toml::table& root, const std::string& file, Sources& sources,
              std::vector<Complaint>& complaints);
void read_limits(const toml::table& root, const std::string& file, Sources& sources,
                 std::vector<Complaint>& complaints);
void read_glossary(const toml::table& root, const std::string& file, const std::string& language,
                   Sources& sources, std::vector<Complaint>& complaints);

}  // namespace maildoctor::knowledge

// What one text costs: CPU time of explain() over the project's own wordings, warm, and over a text of 10 MB.
// usage: maildoctor_bench_explain SOURCE_DIR
#include "core/explain/explain.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <numeric>
#include <string>
#include <vector>

namespace {

using namespace maildoctor;

constexpr double most_on_average = 150;  ///< microseconds
constexpr double most_for_one = 1000;    ///< microseconds
constexpr double most_growth = 1.5;      ///< time for a megabyte of 8 MB over that for one of 1 MB
constexpr int rounds = 7;  ///< the quickest counts: what it costs without other work on the machine

double cpu_microseconds() {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

double cost(std::string_view text) {
    double best = 1e12;
    for (int round = 0; round < rounds; ++round) {
        const double began = cpu_microseconds();
        const Clues clues = explain::explain(text);
        const double took = cpu_microseconds() - began;
        if (clues.text.size() <= explain::max_input) best = std::min(best, took);
    }
    return best;
}

std::vector<std::string> texts_of(const std::string& file) {
    std::ifstream in(file);
    std::vector<std::string> texts;
    for (std::string line; std::getline(in, line);) {
        if (const auto tab = line.find('\t'); tab != std::string::npos && line.front() != '#')
            texts.push_back(line.substr(tab + 1));
    }
    return texts;
}

}  // namespace

int main(int count, char** arguments) {
    if (count < 2) return std::fputs("usage: maildoctor_bench_explain SOURCE_DIR\n", stderr), 2;
    const std::string source = arguments[1];
    std::vector<std::string> texts = texts_of(source + "/rules/lexicon/wordings.tsv");
    const std::vector<std::string> more = texts_of(source + "/tests/explain/known_texts.tsv");
    texts.insert(texts.end(), more.begin(), more.end());
    if (texts.empty()) return std::fputs("no texts found\n", stderr), 2;

    double sum = 0, worst = 0;
    std::string slowest;
    for (const std::string& text : texts) {
        const double took = cost(text);
        sum += took;
        if (took > worst) worst = took, slowest = text;
    }
    const double average = sum / static_cast<double>(texts.size());
    const std::string all = std::accumulate(texts.begin(), texts.end(), std::string());
    const auto megabytes = [&](std::size_t number) {
        std::string text;
        while (text.size() < number << 20)
            text += all;
        text.resize(number << 20);
        return cost(text);
    };
    const double one = megabytes(1), eight = megabytes(8);
    std::printf("%zu texts: %.0f us on average (limit %.0f), at most %.0f us (limit %.0f): %.60s\n",
                texts.size(), average, most_on_average, worst, most_for_one, slowest.c_str());
    std::printf("1 MB: %.0f ms, 8 MB: %.0f ms: a megabyte costs %.2f as much (limit %.2f)\n", one / 1e3,
                eight / 1e3, eight / one / 8, most_growth);
    const bool held = average <= most_on_average && worst <= most_for_one && eight / one / 8 <= most_growth;
    // Machines are shared and noisy: the figures are for people, a miss fails nothing.
    std::printf("%s\n", held ? "within the limits" : "over the limits");
    return 0;
}

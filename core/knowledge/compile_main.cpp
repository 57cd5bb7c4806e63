// maildoctor_compile_rules FOLDER OUTPUT: checks the files under rules/ and writes the built-in pack as C++
// source.
#include <cstdio>
#include <fstream>

#include "core/knowledge/compile.h"

int main(int argc, char** argv) {
    using namespace maildoctor::knowledge;
    if (argc != 3) return std::fputs("usage: maildoctor_compile_rules FOLDER OUTPUT\n", stderr), 2;
    const LoadedPack loaded = load_pack(argv[1]);
    for (const Complaint& complaint : loaded.complaints) {
        if (complaint.grade == Complaint::Grade::fault)
            std::fprintf(stderr, "%s/%s\n", argv[1], as_line(complaint).c_str());
    }
    if (!loaded.pack) return 1;
    std::ofstream out(argv[2], std::ios::binary);
    out << as_cpp(*loaded.block);
    return out ? 0 : 1;
}

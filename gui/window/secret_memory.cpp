#include "gui/window/secret_memory.h"

#include <imgui.h>
#include <imgui_internal.h>

#include <cstddef>
#include <cstdlib>
#include <cstring>

#include "core/model/secret.h"

namespace maildoctor::gui {
namespace {

/// In front of each block: its size. As large as the strictest alignment.
constexpr std::size_t head = alignof(std::max_align_t);
static_assert(head >= sizeof(std::size_t));

void* allocate(std::size_t size, void* /*unused*/) {
    auto* const block = static_cast<char*>(std::malloc(head + size));
    if (block == nullptr) return nullptr;
    std::memcpy(block, &size, sizeof size);
    return block + head;
}

void wipe_and_free(void* pointer, void* /*unused*/) {
    if (pointer == nullptr) return;
    char* const block = static_cast<char*>(pointer) - head;
    std::size_t size = 0;
    std::memcpy(&size, block, sizeof size);
    std::memset(pointer, 0, size);
    wipe(block + head,
         size < 65536 ? size : 0);  // a second time, in a way that is never left out; textures are no secret
    std::free(block);
}

/// The whole capacity, beyond what is in use.
template <class T>
void wipe_all(ImVector<T>& vector) {
    if (vector.Data != nullptr)
        wipe(reinterpret_cast<char*>(vector.Data), static_cast<std::size_t>(vector.Capacity) * sizeof(T));
}

}  // namespace

void use_wiping_allocator() {
    ImGui::SetAllocatorFunctions(allocate, wipe_and_free);
}

void wipe_input_state() {
    ImGuiContext& context = *ImGui::GetCurrentContext();
    ImGuiInputTextState& state = context.InputTextState;
    ImGui::ClearActiveID();
    wipe_all(state.TextW);
    wipe_all(state.TextA);
    wipe_all(state.InitialTextA);
    wipe(reinterpret_cast<char*>(&state.Stb), sizeof state.Stb);
    state.ID = 0;
    state.CurLenW = state.CurLenA = 0;
    state.TextAIsValid = false;
    wipe_all(context.IO.InputQueueCharacters);
    wipe_all(context.ClipboardHandlerData);
    wipe(context.TempBuffer, sizeof context.TempBuffer);
}

}  // namespace maildoctor::gui

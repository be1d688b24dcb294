// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.admin.web;

import jakarta.servlet.http.HttpServletResponse;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.audit.Audit;
import live.millrace.platform.recording.RecordingStorage;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** What videos take, and how much longer there is room. For admins. */
@Controller
class StorageController {
    private static final int CHANNELS = 20;
    private static final String LOOK_AGAIN_SECONDS = "2";

    private final RecordingStorage storage;
    private final Audit audit;

    StorageController(RecordingStorage storage, Audit audit) {
        this.storage = storage;
        this.audit = audit;
    }

    @GetMapping("/admin/storage")
    String page(HttpServletResponse response, Model model) {
        boolean working = storage.working();
        if (working) {
            response.setHeader("Refresh", LOOK_AGAIN_SECONDS);
        }
        model.addAttribute("working", working);
        model.addAttribute("storage", storage.overview());
        model.addAttribute("archive", storage.archive().orElse(null));
        model.addAttribute("channels", storage.channels(CHANNELS));
        return "admin/storage";
    }

    @PostMapping("/admin/storage/clear")
    String clear(@AuthenticationPrincipal AccountPrincipal staff) {
        return begun(storage.clearUp(), "storage.clear", staff);
    }

    /** @param anyway also where more than a tenth does not fit */
    @PostMapping("/admin/storage/sweep")
    String sweep(
            @RequestParam(defaultValue = "false") boolean anyway, @AuthenticationPrincipal AccountPrincipal staff) {
        return begun(storage.sweep(anyway), anyway ? "storage.sweep-anyway" : "storage.sweep", staff);
    }

    private String begun(boolean begun, String action, AccountPrincipal staff) {
        if (begun) {
            audit.add(staff.actor(), action, "", null, "", "");
        }
        return begun ? "redirect:/admin/storage" : "redirect:/admin/storage?said=working";
    }
}

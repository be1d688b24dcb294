// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.admin.web;

import jakarta.servlet.http.HttpServletResponse;
import java.nio.file.Path;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.Role;
import live.millrace.platform.audit.Audit;
import live.millrace.platform.backup.Backups;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.server.ResponseStatusException;

/** Backups in the console. Admins take and prove them; a file, which holds all there is of everybody, is the owner's. */
@Controller
class BackupsController {
    private static final String PAGE = "redirect:/admin/backups?said=";
    private static final String LOOK_AGAIN_SECONDS = "2";

    private final Backups backups;
    private final Audit audit;

    BackupsController(Backups backups, Audit audit) {
        this.backups = backups;
        this.audit = audit;
    }

    @GetMapping("/admin/backups")
    String page(@AuthenticationPrincipal AccountPrincipal staff, HttpServletResponse response, Model model) {
        Backups.Job job = backups.job().orElse(null);
        if (job != null && job.running()) {
            response.setHeader("Refresh", LOOK_AGAIN_SECONDS);
        }
        model.addAttribute("job", job);
        model.addAttribute("backups", backups.all());
        model.addAttribute("folder", backups.folder());
        model.addAttribute("owns", staff.role().atLeast(Role.OWNER));
        return "admin/backups";
    }

    @PostMapping("/admin/backups")
    String take(@AuthenticationPrincipal AccountPrincipal staff) {
        return begun(backups.take(), "backup.take", "", staff);
    }

    @PostMapping("/admin/backups/{backup}/prove")
    String prove(@PathVariable("backup") String name, @AuthenticationPrincipal AccountPrincipal staff) {
        find(name);
        return begun(backups.prove(name), "backup.prove", name, staff);
    }

    private String begun(boolean begun, String action, String name, AccountPrincipal staff) {
        if (begun) {
            audit.add(staff.actor(), action, name, null, "", "");
        }
        return begun ? "redirect:/admin/backups" : PAGE + "busy";
    }

    @GetMapping("/admin/backups/{backup}/file")
    ResponseEntity<Resource> file(
            @PathVariable("backup") String name, @AuthenticationPrincipal AccountPrincipal staff) {
        Path file = find(name);
        audit.add(staff.actor(), "backup.download", name, null, "", "");
        return ResponseEntity.ok()
                .contentType(MediaType.parseMediaType("application/zip"))
                .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        ContentDisposition.attachment().filename(name).build().toString())
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .body(new FileSystemResource(file));
    }

    @PostMapping("/admin/backups/{backup}/delete")
    String delete(@PathVariable("backup") String name, @AuthenticationPrincipal AccountPrincipal staff) {
        find(name);
        if (backups.delete(name)) {
            audit.add(staff.actor(), "backup.delete", name, null, "", "");
        }
        return PAGE + "done";
    }

    private Path find(String name) {
        return backups.find(name).orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
    }
}

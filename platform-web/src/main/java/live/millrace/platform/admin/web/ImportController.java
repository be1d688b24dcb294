// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.admin.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import live.millrace.platform.account.AccountImports;
import live.millrace.platform.account.AccountImports.Verdict;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.MailLinks;
import live.millrace.platform.audit.Audit;
import live.millrace.platform.shared.ShownOnce;
import live.millrace.platform.shared.SiteAddress;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.server.ResponseStatusException;

/** Accounts from a file: what would come of it first, then the work itself, then links for those who get no mail. For admins. */
@Controller
class ImportController {
    private static final int SHOWN = 100;
    private static final String LOOK_AGAIN_SECONDS = "2";
    private static final String PAGE = "admin/import";

    private final AccountImports imports;
    private final MailLinks mail;
    private final SiteAddress site;
    private final Audit audit;
    private final ShownOnce once;

    ImportController(AccountImports imports, MailLinks mail, SiteAddress site, Audit audit, ShownOnce once) {
        this.imports = imports;
        this.mail = mail;
        this.site = site;
        this.audit = audit;
        this.once = once;
    }

    @GetMapping("/admin/import")
    String begin(Model model) {
        model.addAttribute("imports", imports.latest());
        model.addAttribute("most", AccountImports.MOST_LINES);
        return PAGE;
    }

    @PostMapping("/admin/import")
    String check(
            @RequestParam(required = false) @Nullable MultipartFile file,
            @AuthenticationPrincipal AccountPrincipal staff,
            HttpServletResponse response,
            Model model)
            throws IOException {
        AccountImports.Checked checked = file == null || file.isEmpty()
                ? new AccountImports.Checked.Refused("admin.import.refused.empty")
                : check(file);
        return switch (checked) {
            case AccountImports.Checked.Kept(long id) -> {
                // It says which of many addresses belong to somebody.
                AccountImports.View view = find(id);
                audit.add(
                        staff.actor(), "user.import-check", view.fileName(), null, "", Integer.toString(view.lines()));
                yield "redirect:/admin/import/" + id;
            }
            case AccountImports.Checked.Refused(String messageKey) -> {
                response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
                model.addAttribute("error", messageKey);
                yield begin(model);
            }
        };
    }

    private AccountImports.Checked check(MultipartFile file) throws IOException {
        String name = file.getOriginalFilename();
        try (InputStream content = file.getInputStream()) {
            return imports.check(name == null ? "" : name, content);
        }
    }

    @GetMapping("/admin/import/{imported}")
    String page(
            @PathVariable("imported") long id,
            @RequestParam(required = false) @Nullable Verdict show,
            @RequestParam(defaultValue = "0") int after,
            HttpServletResponse response,
            Model model) {
        AccountImports.View view = find(id);
        if (view.state() == AccountImports.State.RUNNING) {
            response.setHeader("Refresh", LOOK_AGAIN_SECONDS);
        }
        List<AccountImports.Line> lines = imports.lines(id, show, after, SHOWN + 1);
        model.addAttribute("imported", view);
        model.addAttribute("show", show == null ? "" : show.name());
        model.addAttribute("lines", lines.stream().limit(SHOWN).toList());
        model.addAttribute("next", lines.size() > SHOWN ? lines.get(SHOWN - 1).number() : null);
        model.addAttribute("canMail", mail.available());
        return "admin/import-one";
    }

    @PostMapping("/admin/import/{imported}")
    String start(
            @PathVariable("imported") long id,
            @RequestParam(defaultValue = "false") boolean mails,
            @AuthenticationPrincipal AccountPrincipal staff) {
        AccountImports.View view = find(id);
        if (imports.start(id, mails && mail.available())) {
            audit.add(staff.actor(), "user.import", view.fileName(), null, "", Integer.toString(view.fresh()));
        }
        return "redirect:/admin/import/" + id;
    }

    @PostMapping("/admin/import/{imported}/drop")
    String drop(@PathVariable("imported") long id) {
        imports.drop(id);
        return "redirect:/admin/import";
    }

    /** The links are on the page that follows alone: the database keeps what they can be compared with. */
    @PostMapping("/admin/import/{imported}/links")
    String makeLinks(
            @PathVariable("imported") long id,
            @AuthenticationPrincipal AccountPrincipal staff,
            HttpServletRequest request) {
        AccountImports.View view = find(id);
        List<AccountImports.Link> links = imports.links(id);
        if (links.isEmpty()) {
            return "redirect:/admin/import/" + id;
        }
        audit.add(staff.actor(), "user.import-links", view.fileName(), null, "", Integer.toString(links.size()));
        String origin = site.originFor(request);
        // Names hold no comma, and neither do links.
        once.keep(
                request,
                madeOf(id),
                links.stream()
                        .map(link -> link.username() + "," + origin + link.path())
                        .toList());
        return "redirect:/admin/import/" + id + "/links";
    }

    private static String madeOf(long id) {
        return "links of " + id;
    }

    @GetMapping("/admin/import/{imported}/links")
    String links(
            @PathVariable("imported") long id, HttpServletRequest request, HttpServletResponse response, Model model) {
        AccountImports.View view = find(id);
        Optional<List<String>> links = once.take(request, response, madeOf(id));
        if (links.isEmpty()) {
            return "redirect:/admin/import/" + id + "?shown";
        }
        response.setHeader("Referrer-Policy", "no-referrer");
        model.addAttribute("imported", view);
        model.addAttribute("number", links.get().size());
        String all = "username,link\n" + String.join("\n", links.get()) + "\n";
        model.addAttribute("links", all);
        model.addAttribute("encoded", all.replace("\n", "%0A"));
        return "admin/import-links";
    }

    private AccountImports.View find(long id) {
        return imports.find(id).orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
    }
}

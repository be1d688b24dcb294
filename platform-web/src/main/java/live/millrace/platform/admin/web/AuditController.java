// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.admin.web;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.audit.Audit;
import live.millrace.platform.audit.AuditEntry;
import live.millrace.platform.moderation.Cases;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The audit log: read, searched, taken away as a table. For admins. */
@Controller
class AuditController {
    private final Audit audit;
    private final AuditDetails details;
    private final Cases cases;

    AuditController(Audit audit, AuditDetails details, Cases cases) {
        this.cases = cases;
        this.audit = audit;
        this.details = details;
    }

    @GetMapping("/admin/audit")
    String log(
            @RequestParam(defaultValue = "") String actor,
            @RequestParam(defaultValue = "") String action,
            @RequestParam(defaultValue = "") String q,
            @RequestParam(defaultValue = "") String from,
            @RequestParam(defaultValue = "") String until,
            @RequestParam(required = false) @Nullable Long before,
            @AuthenticationPrincipal AccountPrincipal staff,
            Locale locale,
            Model model) {
        List<AuditEntry> found = audit.find(
                search(actor, action, q, from, until), before == null ? Long.MAX_VALUE : before, ConsoleLists.PAGE + 1);
        SeenEntries seen = new SeenEntries(cases, staff);
        ConsoleLists.Page<AuditEntry> page = ConsoleLists.Page.of(found, entry -> Long.toString(entry.id()));
        model.addAttribute(
                "page",
                new ConsoleLists.Page<>(page.items().stream().filter(seen::seen).toList(), page.next()));
        model.addAttribute("details", details.of(found, locale));
        model.addAttribute("actions", audit.actions());
        model.addAttribute("actor", actor);
        model.addAttribute("action", action);
        model.addAttribute("q", q);
        model.addAttribute("from", from);
        model.addAttribute("until", until);
        return "admin/audit";
    }

    private static Audit.Search search(String actor, String action, String q, String from, String until) {
        Instant last = day(until);
        return new Audit.Search(
                actor.strip(), action.strip(), q.strip(), day(from), last == null ? null : last.plusSeconds(86_400));
    }

    private static @Nullable Instant day(String text) {
        try {
            return text.isBlank()
                    ? null
                    : LocalDate.parse(text.strip()).atStartOfDay(ZoneOffset.UTC).toInstant();
        } catch (DateTimeParseException malformed) {
            return null;
        }
    }

    /** As comma-separated values (RFC 4180); what a spreadsheet would take for a formula is quoted as text. */
    @GetMapping("/admin/audit/export")
    void export(
            @RequestParam(defaultValue = "") String actor,
            @RequestParam(defaultValue = "") String action,
            @RequestParam(defaultValue = "") String q,
            @RequestParam(defaultValue = "") String from,
            @RequestParam(defaultValue = "") String until,
            @AuthenticationPrincipal AccountPrincipal staff,
            HttpServletResponse response)
            throws IOException {
        audit.add(staff.actor(), "look.audit-export", "", null, "", "");
        response.setContentType("text/csv;charset=UTF-8");
        response.setHeader("Content-Disposition", "attachment; filename=\"audit.csv\"");
        response.setHeader("Cache-Control", "no-store");
        PrintWriter out = response.getWriter();
        out.print("id,at,actor,action,subject,reason,details\r\n");
        SeenEntries seen = new SeenEntries(cases, staff);
        audit.export(search(actor, action, q, from, until), entry -> {
            if (seen.seen(entry)) {
                out.print(entry.id() + "," + entry.at() + "," + cell(entry.actor()) + "," + cell(entry.action()) + ","
                        + cell(entry.subject()) + "," + cell(entry.reason()) + "," + cell(entry.details()) + "\r\n");
            }
        });
    }

    private static String cell(String text) {
        String safe = !text.isEmpty() && "=+-@\t\r".indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
        return "\"" + safe.replace("\"", "\"\"") + "\"";
    }
}

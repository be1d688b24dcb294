// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.moderation.web;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Locale;
import java.util.Optional;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.audience.Viewer;
import live.millrace.platform.audience.Viewers;
import live.millrace.platform.moderation.CaseKind;
import live.millrace.platform.moderation.CaseView;
import live.millrace.platform.moderation.Cases;
import live.millrace.platform.moderation.ReportReason;
import live.millrace.platform.moderation.Reports;
import org.jspecify.annotations.Nullable;
import org.springframework.context.MessageSource;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.server.ResponseStatusException;

/** Reporting something, and what became of it, for those whom it concerns. */
@Controller
class ReportController {
    private static final int SHOWN = 50;

    /** A report as a page sends it. */
    record ReportRequest(
            @Nullable CaseKind kind,
            @Nullable String channel,
            @Nullable Long seq,
            @Nullable String user,
            @Nullable String video,
            @Nullable Long comment,
            @Nullable ReportReason reason,
            @Nullable String text) {
        Reports.Report report() {
            return new Reports.Report(
                    kind == null ? CaseKind.CHANNEL : kind,
                    clean(channel),
                    seq,
                    user == null ? null : clean(user),
                    video == null ? null : clean(video),
                    comment,
                    reason == null ? ReportReason.OTHER : reason,
                    clean(text));
        }

        private static String clean(@Nullable String typed) {
            return typed == null ? "" : typed.replace("\0", "");
        }
    }

    private final Reports reports;
    private final Cases cases;
    private final Viewers viewers;
    private final MessageSource messages;

    ReportController(Reports reports, Cases cases, Viewers viewers, MessageSource messages) {
        this.reports = reports;
        this.cases = cases;
        this.viewers = viewers;
        this.messages = messages;
    }

    @PostMapping("/api/v1/reports")
    @ResponseBody
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void report(@RequestBody ReportRequest request, HttpServletRequest sent, Locale locale) {
        Optional<String> refused = reports.file(viewers.of(sent), request.report());
        if (refused.isPresent()) {
            throw new ResponseStatusException(
                    refused.get().endsWith(".many") ? HttpStatus.TOO_MANY_REQUESTS : HttpStatus.UNPROCESSABLE_CONTENT,
                    messages.getMessage(refused.get(), null, locale));
        }
    }

    /** The same as a page of its own, for whoever has no script. */
    @GetMapping("/reports/new")
    String form(
            @RequestParam(defaultValue = "CHANNEL") CaseKind kind,
            @RequestParam(defaultValue = "") String channel,
            @RequestParam(required = false) @Nullable Long seq,
            @RequestParam(defaultValue = "") String user,
            @RequestParam(defaultValue = "") String video,
            @RequestParam(required = false) @Nullable Long comment,
            Model model) {
        model.addAttribute("kind", kind);
        model.addAttribute("channelName", channel);
        model.addAttribute("seq", seq);
        model.addAttribute("user", user);
        model.addAttribute("video", video);
        model.addAttribute("comment", comment);
        model.addAttribute("reasons", ReportReason.values());
        return "moderation/report";
    }

    @PostMapping("/reports")
    String file(
            @RequestParam CaseKind kind,
            @RequestParam(defaultValue = "") String channel,
            @RequestParam(required = false) @Nullable Long seq,
            @RequestParam(defaultValue = "") String user,
            @RequestParam(defaultValue = "") String video,
            @RequestParam(required = false) @Nullable Long comment,
            @RequestParam(required = false) @Nullable ReportReason reason,
            @RequestParam(defaultValue = "") String text,
            HttpServletRequest request,
            Model model) {
        Viewer viewer = viewers.of(request);
        Optional<String> refused = reason == null
                ? Optional.of("report.choose")
                : reports.file(viewer, new Reports.Report(kind, channel, seq, user, video, comment, reason, text));
        if (refused.isEmpty()) {
            if (viewer.person() != null) {
                return "redirect:/decisions?reported";
            }
            // What becomes of it nobody can tell a guest.
            model.addAttribute("sent", true);
            return form(kind, channel, seq, user, video, comment, model);
        }
        model.addAttribute("error", refused.get());
        model.addAttribute("text", text);
        model.addAttribute("reason", reason);
        return form(kind, channel, seq, user, video, comment, model);
    }

    @GetMapping("/decisions")
    String decisions(@AuthenticationPrincipal AccountPrincipal principal, Model model) {
        model.addAttribute(
                "about",
                cases.about(principal.accountId(), SHOWN).stream()
                        .filter(view -> view.appealable() || view.appeal() != null)
                        .toList());
        model.addAttribute("reported", cases.reportedBy(principal.accountId(), SHOWN));
        model.addAttribute("strikes", cases.strikes(principal.accountId()));
        return "moderation/decisions";
    }

    private CaseView visible(long id, AccountPrincipal principal) {
        return cases.find(id)
                .filter(view -> isSubject(view, principal) || cases.reportedBy(id, principal.accountId()))
                .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
    }

    /** Whoever it is about sees it when it is decided against them: a report alone is nobody's business. */
    private static boolean isSubject(CaseView view, AccountPrincipal principal) {
        Long subject = view.subjectAccountId();
        return subject != null && subject == principal.accountId() && (view.appealable() || view.appeal() != null);
    }

    @GetMapping("/decisions/{id}")
    String decision(@PathVariable long id, @AuthenticationPrincipal AccountPrincipal principal, Model model) {
        CaseView view = visible(id, principal);
        model.addAttribute("one", view);
        model.addAttribute("subject", isSubject(view, principal));
        return "moderation/decision";
    }

    @PostMapping("/decisions/{id}/appeal")
    String appeal(
            @PathVariable long id,
            @RequestParam(defaultValue = "") String text,
            @AuthenticationPrincipal AccountPrincipal principal) {
        visible(id, principal);
        boolean taken = cases.appeal(id, principal.accountId(), text);
        return "redirect:/decisions/" + id + "?said=" + (taken ? "appealed" : "late");
    }
}

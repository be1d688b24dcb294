// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.admin.web;

import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.audit.Audit;
import live.millrace.platform.moderation.CaseRights;
import live.millrace.platform.moderation.CaseView;
import live.millrace.platform.moderation.Cases;
import live.millrace.platform.moderation.Decision;
import live.millrace.platform.shared.WellFormed;
import live.millrace.platform.site.Setting;
import live.millrace.platform.site.SiteSettings;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;

/** Reports: the queue, one case with its evidence, the decision. */
@Controller
@RequestMapping("/admin/reports")
class CasesController {
    private static final int SEGMENT_SECONDS = 10;

    private final Cases cases;
    private final SiteSettings settings;
    private final Audit audit;

    CasesController(Cases cases, SiteSettings settings, Audit audit) {
        this.cases = cases;
        this.settings = settings;
        this.audit = audit;
    }

    @GetMapping
    String queue(
            @RequestParam(defaultValue = "NEW") Cases.Queue queue,
            @RequestParam(required = false) @Nullable Long before,
            @AuthenticationPrincipal AccountPrincipal staff,
            Model model) {
        List<CaseView> found =
                cases.find(queue, staff, before == null ? Long.MAX_VALUE : before, ConsoleLists.PAGE + 1);
        model.addAttribute(
                "page", ConsoleLists.Page.of(found, view -> queue == Cases.Queue.NEW ? "" : Long.toString(view.id())));
        model.addAttribute("queue", queue.name());
        model.addAttribute("queues", Cases.Queue.values());
        return "admin/reports";
    }

    /** Dismisses many at once. */
    @PostMapping
    String dismiss(
            @RequestParam(defaultValue = "") List<Long> id,
            @RequestParam(defaultValue = "") String reason,
            @AuthenticationPrincipal AccountPrincipal staff,
            Model model,
            HttpServletResponse response) {
        long done = 0;
        Optional<String> forbidden = Optional.empty();
        for (long caseId : id.stream().distinct().limit(ConsoleLists.PAGE).toList()) {
            Optional<String> may = cases.against(CaseRights.Act.DECIDE, caseId, staff);
            if (may.isPresent()) {
                forbidden = may;
            }
            if (may.isEmpty()
                    && cases.decide(caseId, Decision.DISMISS, Duration.ZERO, Reasons.text(reason), staff)
                            .isEmpty()) {
                done++;
            }
        }
        if (done == 0 && forbidden.isPresent()) {
            return Refusals.page(forbidden.get(), model, response);
        }
        return "redirect:/admin/reports?said=" + (done > 0 ? "done" : "none");
    }

    /** For its subject, for who reported it and the like it does not exist. */
    private CaseView required(long id, AccountPrincipal staff) {
        return cases.find(id, staff).orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
    }

    /** What stands against an act of somebody to whom the case exists. */
    private Optional<String> against(CaseRights.Act act, long id, AccountPrincipal staff) {
        required(id, staff);
        return cases.against(act, id, staff);
    }

    @GetMapping("/{id}")
    String one(@PathVariable long id, @AuthenticationPrincipal AccountPrincipal staff, Model model) {
        CaseView view = required(id, staff);
        // What people said and did is looked at: that leaves a trace.
        look(view, staff);
        model.addAttribute("one", view);
        model.addAttribute("mine", staff.getUsername().equals(view.claimedBy()));
        model.addAttribute("reports", cases.reports(id));
        model.addAttribute("evidence", cases.evidence(id));
        Long subject = view.subjectAccountId();
        model.addAttribute("strikes", subject == null ? List.of() : cases.strikes(subject));
        // A guest has nothing that could be suspended.
        model.addAttribute(
                "decisions",
                view.subjectGuest() == null ? Decision.values() : new Decision[] {Decision.DISMISS, Decision.HIDE});
        model.addAttribute("notMine", words(cases.against(CaseRights.Act.DECIDE, id, staff)));
        model.addAttribute("notToAnswer", words(cases.against(CaseRights.Act.ANSWER, id, staff)));
        model.addAttribute("blockMinutes", settings.number(Setting.KEY_BLOCK_MINUTES));
        return "admin/case";
    }

    private static @Nullable String words(Optional<String> refused) {
        return refused.map(key -> "admin.said." + key.substring(key.lastIndexOf('.') + 1))
                .orElse(null);
    }

    @PostMapping("/{id}/claim")
    String claim(
            @PathVariable long id,
            @AuthenticationPrincipal AccountPrincipal staff,
            Model model,
            HttpServletResponse response) {
        Optional<String> refused = against(CaseRights.Act.DECIDE, id, staff);
        if (refused.isPresent()) {
            return Refusals.page(refused.get(), model, response);
        }
        return "redirect:/admin/reports/" + id + (cases.claim(id, staff) ? "" : "?said=taken");
    }

    @PostMapping("/{id}/release")
    String release(@PathVariable long id, @AuthenticationPrincipal AccountPrincipal staff) {
        required(id, staff);
        cases.release(id, staff);
        return "redirect:/admin/reports";
    }

    /**
     * @param amount minutes where a key is blocked, days else; 0 for ever, or for the site's usual minutes
     */
    @PostMapping("/{id}/decide")
    String decide(
            @PathVariable long id,
            @RequestParam(required = false) @Nullable Decision decision,
            @RequestParam(defaultValue = "0") long amount,
            @RequestParam(defaultValue = "") String reason,
            @AuthenticationPrincipal AccountPrincipal staff,
            Model model,
            HttpServletResponse response) {
        Optional<String> forbidden = against(CaseRights.Act.DECIDE, id, staff);
        if (forbidden.isPresent()) {
            return Refusals.page(forbidden.get(), model, response);
        }
        if (decision == null) {
            return "redirect:/admin/reports/" + id + "?said=choose";
        }
        long bounded = Math.clamp(amount, 0, 10_080);
        Duration length = !decision.timed()
                ? Duration.ZERO
                : decision == Decision.END_AND_BLOCK ? Duration.ofMinutes(bounded) : Duration.ofDays(bounded);
        String typed = reason.replace("\0", "").strip();
        Optional<String> refused = cases.decide(id, decision, length, WellFormed.cut(typed, Cases.MAX_REASON), staff);
        if (refused.filter(Cases.STANDS::equals).isPresent()) {
            return Refusals.page(refused.get(), model, response);
        }
        return "redirect:/admin/reports/" + id + "?said="
                + refused.map(key -> key.substring(key.lastIndexOf('.') + 1)).orElse("done");
    }

    @PostMapping("/{id}/appeal")
    String answer(
            @PathVariable long id,
            @RequestParam boolean overturn,
            @RequestParam(defaultValue = "") String reason,
            @AuthenticationPrincipal AccountPrincipal staff,
            Model model,
            HttpServletResponse response) {
        Optional<String> forbidden = against(CaseRights.Act.ANSWER, id, staff);
        if (forbidden.isPresent()) {
            return Refusals.page(forbidden.get(), model, response);
        }
        Optional<String> refused = cases.answer(id, overturn, Reasons.text(reason), staff);
        return "redirect:/admin/reports/" + id + "?said=" + (refused.isEmpty() ? "done" : "answered");
    }

    private void look(CaseView view, AccountPrincipal staff) {
        audit.look(staff.actor(), "look.case", "#" + view.id() + " " + view.subject(), view.subjectAccountId());
    }

    // ---- evidence ---------------------------------------------------------------------------------------------

    private static ResponseEntity<byte[]> file(byte[] bytes, MediaType type) {
        return ResponseEntity.ok()
                .contentType(type)
                .cacheControl(CacheControl.noStore())
                .body(bytes);
    }

    @GetMapping("/{id}/thumbnail")
    ResponseEntity<byte[]> thumbnail(@PathVariable long id, @AuthenticationPrincipal AccountPrincipal staff) {
        look(required(id, staff), staff);
        return file(
                cases.thumbnail(id).orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND)),
                MediaType.IMAGE_JPEG);
    }

    /** What was on air, as a playlist of the kept segments (RFC 8216 §4.3.3). */
    @GetMapping("/{id}/evidence.m3u8")
    ResponseEntity<String> playlist(@PathVariable long id, @AuthenticationPrincipal AccountPrincipal staff) {
        CaseView view = required(id, staff);
        look(view, staff);
        if (view.segments() == 0) {
            throw new ResponseStatusException(HttpStatus.NOT_FOUND);
        }
        StringBuilder text = new StringBuilder(
                "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:" + SEGMENT_SECONDS + "\n#EXT-X-PLAYLIST-TYPE:VOD\n");
        for (int i = 0; i < view.segments(); i++) {
            text.append("#EXTINF:2.000,\n/admin/reports/")
                    .append(id)
                    .append("/segments/")
                    .append(i)
                    .append(".ts\n");
        }
        return ResponseEntity.ok()
                .contentType(MediaType.parseMediaType("application/vnd.apple.mpegurl"))
                .cacheControl(CacheControl.noStore())
                .body(text.append("#EXT-X-ENDLIST\n").toString());
    }

    @GetMapping("/{id}/segments/{number}.ts")
    ResponseEntity<byte[]> segment(
            @PathVariable long id, @PathVariable int number, @AuthenticationPrincipal AccountPrincipal staff) {
        look(required(id, staff), staff);
        return file(
                cases.segment(id, number).orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND)),
                MediaType.parseMediaType("video/mp2t"));
    }
}

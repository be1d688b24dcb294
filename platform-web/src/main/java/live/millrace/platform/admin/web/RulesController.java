// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.admin.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.AddressBans;
import live.millrace.platform.audit.Audit;
import live.millrace.platform.chat.WordLists;
import live.millrace.platform.moderation.StaffRights;
import live.millrace.platform.moderation.StaffRights.Measure;
import live.millrace.platform.shared.WellFormed;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** What keeps trouble out: bans of accounts, addresses and networks, and the site's words. */
@Controller
class RulesController {
    private static final int MAX_DAYS = 3_650;
    private static final int MAX_TYPED = 200_000;

    private final ConsoleLists lists;
    private final AddressBans bans;
    private final WordLists words;
    private final Audit audit;
    private final Clock clock;
    private final StaffRights rights;

    RulesController(
            ConsoleLists lists, AddressBans bans, WordLists words, Audit audit, Clock clock, StaffRights rights) {
        this.lists = lists;
        this.bans = bans;
        this.words = words;
        this.audit = audit;
        this.clock = clock;
        this.rights = rights;
    }

    @GetMapping("/admin/bans")
    String bans(
            @RequestParam(defaultValue = "") String before,
            @AuthenticationPrincipal AccountPrincipal staff,
            Model model) {
        model.addAttribute(
                "addresses",
                staff.admin()
                        ? bans.all()
                        : bans.all().stream().map(RulesController::masked).toList());
        model.addAttribute("page", lists.users("", "", "suspended", before, false));
        return "admin/bans";
    }

    /** A ban that a case made tells where somebody came from: moderators see enough to tell one from the other. */
    private static AddressBans.AddressBan masked(AddressBans.AddressBan ban) {
        String shown = ban.network().replaceFirst("^((?:[0-9]+\\.){2}|(?:[0-9a-f]*:){2}).*$", "$1…");
        return new AddressBans.AddressBan(ban.id(), shown, ban.reason(), ban.madeBy(), ban.madeAt(), ban.until());
    }

    @PostMapping("/admin/bans")
    String ban(
            @RequestParam(defaultValue = "") String network,
            @RequestParam(defaultValue = "0") int days,
            @RequestParam(defaultValue = "") String reason,
            @AuthenticationPrincipal AccountPrincipal staff,
            HttpServletRequest request,
            Model model) {
        String why = Reasons.text(reason);
        @Nullable
        String error = why.isEmpty()
                ? "admin.said.reason"
                : bans.ban(
                                network,
                                request.getRemoteAddr(),
                                why,
                                days <= 0 ? null : clock.instant().plus(Duration.ofDays(Math.min(days, MAX_DAYS))),
                                staff.actor())
                        .orElse(null);
        if (error == null) {
            return "redirect:/admin/bans?said=done";
        }
        model.addAttribute("error", error);
        model.addAttribute("network", network);
        model.addAttribute("reason", why);
        return bans("", staff, model);
    }

    @PostMapping("/admin/bans/lift")
    String lift(
            @RequestParam(defaultValue = "") List<Long> id,
            @AuthenticationPrincipal AccountPrincipal staff,
            Model model,
            HttpServletResponse response) {
        long done = 0;
        Optional<String> refused = Optional.empty();
        for (Long ban : id.stream().distinct().limit(ConsoleLists.PAGE).toList()) {
            Optional<String> against = rights.againstChange(staff, Measure.ADDRESS_BAN, ban);
            if (against.isPresent()) {
                refused = against;
            } else if (bans.lift(ban, staff.actor())) {
                done++;
            }
        }
        if (done == 0 && refused.isPresent()) {
            return Refusals.page(refused.get(), model, response);
        }
        return "redirect:/admin/bans?said=" + (done > 0 ? "done" : "none");
    }

    @GetMapping("/admin/words")
    String words(Model model) {
        model.addAttribute("words", words.of(null));
        model.addAttribute("most", WordLists.MAX_WORDS);
        return "admin/words";
    }

    /** @param list one word or phrase a line */
    @PostMapping("/admin/words")
    String addWords(
            @RequestParam(defaultValue = "") String list,
            @RequestParam(defaultValue = "HOLD") WordLists.Effect effect,
            @AuthenticationPrincipal AccountPrincipal staff) {
        int added =
                words.add(null, Arrays.asList(WellFormed.cut(list, MAX_TYPED).split("\\R", -1)), effect);
        if (added > 0) {
            audit.add(
                    staff.actor(),
                    "words.add",
                    "",
                    null,
                    "",
                    added + " × " + effect.name().toLowerCase(Locale.ROOT));
        }
        return "redirect:/admin/words?said=" + (added > 0 ? "done" : "none");
    }

    @PostMapping("/admin/words/remove")
    String removeWords(
            @RequestParam(defaultValue = "") List<Long> id, @AuthenticationPrincipal AccountPrincipal staff) {
        long removed = id.stream()
                .distinct()
                .limit(WordLists.MAX_WORDS)
                .filter(word -> words.remove(null, word))
                .count();
        if (removed > 0) {
            audit.add(staff.actor(), "words.remove", "", null, "", Long.toString(removed));
        }
        return "redirect:/admin/words?said=" + (removed > 0 ? "done" : "none");
    }
}

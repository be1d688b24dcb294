// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.studio.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import live.millrace.platform.audience.GuestList;
import live.millrace.platform.audience.InviteView;
import live.millrace.platform.audience.Invites;
import live.millrace.platform.shared.ShownOnce;
import live.millrace.platform.shared.SiteAddress;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;

/** Who is invited to a channel, and by what. */
@Controller
@RequestMapping({"/studio", "/studio/@{channel}"})
class GuestsController {
    private static final Pattern NUMBER = Pattern.compile("\\d{1,4}");
    private static final int MAX_DAYS = 365;

    /** What the form says before somebody typed something else. */
    private static final InviteForm FRESH = new InviteForm("", "1", "7", true, true);

    private final Invites invites;
    private final GuestList guests;
    private final SiteAddress site;
    private final ShownOnce once;
    private final Clock clock;

    GuestsController(Invites invites, GuestList guests, SiteAddress site, ShownOnce once, Clock clock) {
        this.invites = invites;
        this.guests = guests;
        this.site = site;
        this.once = once;
        this.clock = clock;
    }

    /** As it was typed. */
    public record InviteForm(String label, String uses, String days, boolean asksName, boolean withoutAccount) {
        /** One that is not a number of days is as long as no link may live. */
        Invites.Wish wish(Clock clock) {
            int wanted = number(days);
            Duration life = wanted >= 1 && wanted <= MAX_DAYS ? Duration.ofDays(wanted) : Duration.ZERO;
            return new Invites.Wish(label, number(uses), clock.instant().plus(life), asksName, withoutAccount);
        }

        private static int number(String typed) {
            String stripped = typed.strip();
            return NUMBER.matcher(stripped).matches() ? Integer.parseInt(stripped) : 0;
        }
    }

    @GetMapping("/guests")
    String guests(
            Studio studio,
            @RequestParam(name = "new", required = false) @Nullable String asking,
            @RequestParam(required = false) @Nullable String made,
            HttpServletRequest request,
            HttpServletResponse response,
            Model model) {
        if (made != null) {
            Optional<List<String>> shown = once.take(request, response, madeOf(studio));
            shown.ifPresent(parts -> {
                model.addAttribute("link", site.originFor(request) + "/i/" + parts.get(0));
                model.addAttribute("made", parts.get(1));
            });
            model.addAttribute("shownBefore", shown.isEmpty());
        }
        return page(studio, asking == null ? null : FRESH, model);
    }

    private static String madeOf(Studio studio) {
        return "invite of " + studio.channel().id();
    }

    /** @param form of a new invite; null while nobody wants one */
    private String page(Studio studio, @Nullable InviteForm form, Model model) {
        long channel = studio.channel().id();
        model.addAttribute("form", form);
        model.addAttribute("invites", invites.of(channel));
        model.addAttribute("guests", guests.of(channel));
        model.addAttribute("mails", guests.mails());
        return "studio/guests";
    }

    /** The link is shown by the page that follows, and never again. */
    @PostMapping("/invites")
    String invite(
            Studio studio,
            @RequestParam(defaultValue = "") String label,
            @RequestParam(defaultValue = "") String uses,
            @RequestParam(defaultValue = "") String days,
            @RequestParam(defaultValue = "false") boolean asksName,
            @RequestParam(defaultValue = "false") boolean withoutAccount,
            HttpServletRequest request,
            HttpServletResponse response,
            Model model) {
        InviteForm form = new InviteForm(label, uses, days, asksName, withoutAccount);
        return switch (invites.make(studio.channel().id(), form.wish(clock))) {
            case Invites.Made.Done made -> {
                String name = invites.of(studio.channel().id()).stream()
                        .filter(one -> one.id() == made.id())
                        .map(InviteView::label)
                        .findFirst()
                        .orElse("");
                once.keep(request, madeOf(studio), List.of(made.secret(), name));
                yield studio.redirect("/guests?made#invites");
            }
            case Invites.Made.Refused(String why) -> {
                response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
                model.addAttribute("inviteError", why);
                yield page(studio, form, model);
            }
        };
    }

    /** Whoever comes to the form's address by itself. */
    @GetMapping("/invites")
    String invites(Studio studio) {
        return studio.redirect("/guests");
    }

    @PostMapping("/invites/{id}/revoke")
    String revoke(Studio studio, @PathVariable long id) {
        if (!invites.revoke(studio.channel().id(), id)) {
            throw new ResponseStatusException(HttpStatus.NOT_FOUND);
        }
        return studio.redirect("/guests?revoked#invites");
    }

    @PostMapping("/invites/revoke")
    String revokeAll(Studio studio) {
        invites.revokeAll(studio.channel().id());
        return studio.redirect("/guests?revoked#invites");
    }

    /** @param who a user name or a mail address */
    @PostMapping("/guests")
    String add(
            Studio studio,
            @RequestParam(defaultValue = "") String who,
            Locale locale,
            HttpServletResponse response,
            Model model) {
        return switch (GuestsApi.add(guests, studio.channel().id(), who, locale)) {
            case GuestList.Added.Done added ->
                studio.redirect(added.guest().pending() ? "/guests?mailed#guests" : "/guests?added#guests");
            case GuestList.Added.Refused(String why) -> {
                response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
                model.addAttribute("guestError", why);
                model.addAttribute("who", who);
                yield page(studio, null, model);
            }
        };
    }

    @PostMapping("/guests/{id}/remove")
    String remove(Studio studio, @PathVariable long id) {
        if (!guests.remove(studio.channel().id(), id)) {
            throw new ResponseStatusException(HttpStatus.NOT_FOUND);
        }
        return studio.redirect("/guests?removed#guests");
    }
}

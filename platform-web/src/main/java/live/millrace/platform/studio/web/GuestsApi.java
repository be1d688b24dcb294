// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.studio.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import live.millrace.platform.audience.GuestList;
import live.millrace.platform.audience.GuestView;
import live.millrace.platform.audience.InviteView;
import live.millrace.platform.audience.Invites;
import live.millrace.platform.shared.SiteAddress;
import org.jspecify.annotations.Nullable;
import org.springframework.context.MessageSource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** Invites and guests of a channel for programs. */
@RestController
class GuestsApi {
    private static final String OWN = "/api/v1/channel";
    private static final String ANY = "/api/v1/channels/{channel}";

    private static final Duration USUAL_LIFE = Duration.ofDays(7);

    /**
     * An invite that a program wants; what it does not say is as here.
     *
     * @param uses one
     * @param expiresAt in seven days
     * @param asksName false
     * @param withoutAccount true
     */
    record WantedInvite(
            @Nullable String label,
            @Nullable Integer uses,
            @Nullable Instant expiresAt,
            @Nullable Boolean asksName,
            @Nullable Boolean withoutAccount) {
        Invites.Wish wish(Instant now) {
            return new Invites.Wish(
                    label == null ? "" : label,
                    uses == null ? 1 : uses,
                    expiresAt == null ? now.plus(USUAL_LIFE) : expiresAt,
                    Boolean.TRUE.equals(asksName),
                    !Boolean.FALSE.equals(withoutAccount));
        }
    }

    /** @param url its link, at the one moment when it can be seen */
    record NewInvite(long id, String url) {
        @Override
        public String toString() {
            return "NewInvite[" + id + "]";
        }
    }

    /** An invite without its link. */
    record Invite(
            long id,
            String label,
            int uses,
            int used,
            Instant expiresAt,
            boolean asksName,
            boolean withoutAccount,
            boolean ended) {
        static Invite of(InviteView invite) {
            return new Invite(
                    invite.id(),
                    invite.label(),
                    invite.uses(),
                    invite.used(),
                    invite.expiresAt(),
                    invite.asksName(),
                    invite.withoutAccount(),
                    invite.ended());
        }
    }

    /** Somebody to be put onto the list: one of the two. */
    record NamedGuest(@Nullable String username, @Nullable String mail) {
        String who() {
            return username != null ? username : mail != null ? mail : "";
        }
    }

    /**
     * @param invite the id of the one they came by; left out for whom the owner named
     * @param pending whether they were written to and did not come yet
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record OneGuest(
            long id,
            String name,
            @Nullable Long invite,
            Instant since,
            @Nullable Instant lastSeen,
            boolean watching,
            boolean pending) {
        static OneGuest of(GuestView guest) {
            return new OneGuest(
                    guest.id(),
                    guest.name(),
                    guest.invite(),
                    guest.since(),
                    guest.lastSeen(),
                    guest.watching(),
                    guest.pending());
        }
    }

    private final Invites invites;
    private final GuestList guests;
    private final SiteAddress site;
    private final MessageSource messages;
    private final Clock clock;

    GuestsApi(Invites invites, GuestList guests, SiteAddress site, MessageSource messages, Clock clock) {
        this.invites = invites;
        this.guests = guests;
        this.site = site;
        this.messages = messages;
        this.clock = clock;
    }

    private ResponseStatusException refused(String key, Locale locale) {
        return new ResponseStatusException(HttpStatus.UNPROCESSABLE_CONTENT, messages.getMessage(key, null, locale));
    }

    /** Puts somebody onto a list by what was typed: a mail address has an at sign within, a user name at most one before it. */
    static GuestList.Added add(GuestList guests, long channelId, String who, Locale locale) {
        String typed = who.strip();
        return typed.lastIndexOf('@') > 0
                ? guests.addMail(channelId, typed, locale)
                : guests.addPerson(channelId, typed.startsWith("@") ? typed.substring(1) : typed);
    }

    // ---- invites ----------------------------------------------------------------------------------------------

    @GetMapping({OWN + "/invites", ANY + "/invites"})
    List<Invite> invites(Studio studio) {
        return invites.of(studio.channel().id()).stream().map(Invite::of).toList();
    }

    @PostMapping({OWN + "/invites", ANY + "/invites"})
    @ResponseStatus(HttpStatus.CREATED)
    NewInvite invite(
            Studio studio,
            @RequestBody WantedInvite wanted,
            HttpServletRequest request,
            HttpServletResponse response,
            Locale locale) {
        return switch (invites.make(studio.channel().id(), wanted.wish(clock.instant()))) {
            case Invites.Made.Done made -> {
                response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
                yield new NewInvite(made.id(), site.originFor(request) + "/i/" + made.secret());
            }
            case Invites.Made.Refused(String why) -> throw refused(why, locale);
        };
    }

    /** Those who came by it are removed. */
    @DeleteMapping({OWN + "/invites/{id}", ANY + "/invites/{id}"})
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void revoke(Studio studio, @PathVariable long id) {
        if (!invites.revoke(studio.channel().id(), id)) {
            throw new ResponseStatusException(HttpStatus.NOT_FOUND);
        }
    }

    // ---- guests -----------------------------------------------------------------------------------------------

    @GetMapping({OWN + "/guests", ANY + "/guests"})
    List<OneGuest> guests(Studio studio) {
        return guests.of(studio.channel().id()).stream().map(OneGuest::of).toList();
    }

    @PostMapping({OWN + "/guests", ANY + "/guests"})
    @ResponseStatus(HttpStatus.CREATED)
    OneGuest add(Studio studio, @RequestBody NamedGuest named, Locale locale) {
        return switch (add(guests, studio.channel().id(), named.who(), locale)) {
            case GuestList.Added.Done(GuestView guest) -> OneGuest.of(guest);
            case GuestList.Added.Refused(String why) -> throw refused(why, locale);
        };
    }

    @DeleteMapping({OWN + "/guests/{id}", ANY + "/guests/{id}"})
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void remove(Studio studio, @PathVariable long id) {
        if (!guests.remove(studio.channel().id(), id)) {
            throw new ResponseStatusException(HttpStatus.NOT_FOUND);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.account.KnownAddresses;
import live.millrace.platform.account.KnownDevices;
import live.millrace.platform.account.SignInBudget;
import live.millrace.platform.shared.AddressRange;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.stereotype.Component;

/**
 * How often an account's secrets may be guessed (ADR 57). Whoever comes with a browser that the account was signed in with has tries of
 * their own, and so has whoever comes from an address that it came from lately; all others are strangers, who share what there is for
 * them: their network's tries and the account's. What nobody has is counted in the same way, beside the accounts: no flood of made-up
 * names pushes out what is known of real ones.
 */
@Component
class SignInTries implements SignInBudget {
    /** Of a browser, or an address, that is known: somebody who forgot which password it was. */
    private static final int OWN = 10;

    /** Of one network of strangers: a /24, or a /64 of IPv6. */
    private static final int NETWORK = 5;

    /** Of a /48: what a customer of an IPv6 provider has. */
    private static final int PROVIDER = 10;

    /** Of all strangers together. */
    private static final int STRANGERS = 20;

    private static final int PER_SESSION = 5;

    private static final Duration FIRST_WAIT = Duration.ofSeconds(30);
    private static final Duration CEILING = Duration.ofMinutes(15);
    private static final Duration FORGOTTEN = Duration.ofMinutes(30);

    /** What strangers did is remembered for longer: they come back. */
    private static final Duration STRANGERS_FORGOTTEN = Duration.ofHours(24);

    private static final int MAX_NAME = 254;

    private final Accounts people;
    private final KnownDevices devices;
    private final KnownAddresses addresses;
    private final Clock clock;

    /** One for each account that is being guessed at. */
    private final Cache<String, GrowingWait> accounts = remembered(200_000);

    /** Those of networks, and of known browsers and addresses. */
    private final Cache<String, GrowingWait> parts = remembered(200_000);

    /** The same of what nobody is called, or is typed as an address. */
    private final Cache<String, GrowingWait> typed = remembered(50_000);

    private final Cache<String, AtomicInteger> guesses = Caffeine.newBuilder()
            .maximumSize(50_000)
            .expireAfterAccess(Duration.ofHours(12))
            .build();

    SignInTries(Accounts people, KnownDevices devices, KnownAddresses addresses, Clock clock) {
        this.people = people;
        this.devices = devices;
        this.addresses = addresses;
        this.clock = clock;
    }

    private static Cache<String, GrowingWait> remembered(int most) {
        return Caffeine.newBuilder()
                .maximumSize(most)
                .expireAfterAccess(STRANGERS_FORGOTTEN)
                .build();
    }

    /** Who tries. */
    enum Rank {
        DEVICE,
        ADDRESS,
        STRANGER
    }

    /**
     * A try, taken or not.
     *
     * @param pause until the next one; zero when it was taken
     * @param quiet whether nobody is to be told of the pause: it would say that a name and a mail address are one account's
     */
    record Try(Duration pause, boolean quiet, Rank rank, List<GrowingWait> taken) {
        boolean allowed() {
            return pause.isZero();
        }

        /** The secret was right, or nothing was checked. */
        void giveBack() {
            taken.forEach(GrowingWait::giveBack);
        }
    }

    // ---- log-ins ----------------------------------------------------------------------------------------------

    /**
     * Takes a try to log in.
     *
     * @param name as it was typed
     * @param account whose it is, if anybody's
     */
    Try logIn(String name, OptionalLong account, HttpServletRequest request) {
        String folded = name.strip().toLowerCase(Locale.ROOT);
        folded = folded.substring(0, Math.min(folded.length(), MAX_NAME));
        if (account.isEmpty()) {
            // Asked for as well: an answer takes as long for a name of nobody.
            rank(0, request);
            return strangers("name " + folded, request, typed, typed);
        }
        Try own = take(account.getAsLong(), request);
        if (!folded.contains("@") || own.rank == Rank.DEVICE) {
            return own;
        }
        // Whose address it is, is nobody's business: what is said of it is what would be said of one that nobody has.
        Try asTyped = strangers("name " + folded, request, typed, typed);
        if (!asTyped.allowed()) {
            own.giveBack();
            return asTyped;
        }
        if (!own.allowed()) {
            return new Try(own.pause, true, own.rank, List.of());
        }
        List<GrowingWait> both = new ArrayList<>(own.taken);
        both.addAll(asTyped.taken);
        return new Try(Duration.ZERO, false, own.rank, both);
    }

    private Rank rank(long account, HttpServletRequest request) {
        if (devices.knows(account, request)) {
            return Rank.DEVICE;
        }
        return addresses.familiar(account, request.getRemoteAddr()) ? Rank.ADDRESS : Rank.STRANGER;
    }

    private Try take(long account, HttpServletRequest request) {
        Rank rank = rank(account, request);
        return switch (rank) {
            // One for all of its browsers: whoever has one of their cookies has one, not twenty.
            case DEVICE -> all(rank, List.of(own("device " + account)));
            case ADDRESS ->
                all(
                        rank,
                        List.of(own("address " + account + " "
                                + network(request.getRemoteAddr(), Integer.SIZE, Long.SIZE))));
            case STRANGER -> strangers(Long.toString(account), request, parts, accounts);
        };
    }

    private GrowingWait own(String key) {
        return parts.get(key, _ -> new GrowingWait(OWN, FIRST_WAIT, CEILING, FORGOTTEN));
    }

    private Try strangers(
            String whose,
            HttpServletRequest request,
            Cache<String, GrowingWait> networks,
            Cache<String, GrowingWait> together) {
        String address = request.getRemoteAddr();
        String near = network(address, 24, 64);
        String wide = network(address, 24, 48);
        List<GrowingWait> waits = new ArrayList<>();
        waits.add(stranger(networks, whose + " " + near, NETWORK));
        if (!wide.equals(near)) {
            waits.add(stranger(networks, whose + " " + wide, PROVIDER));
        }
        waits.add(stranger(together, whose, STRANGERS));
        return all(Rank.STRANGER, waits);
    }

    private static GrowingWait stranger(Cache<String, GrowingWait> cache, String key, int free) {
        return cache.get(key, _ -> new GrowingWait(free, FIRST_WAIT, CEILING, STRANGERS_FORGOTTEN));
    }

    /** All of them or none, the narrowest first: a network that has none left costs the account nothing. */
    private Try all(Rank rank, List<GrowingWait> waits) {
        long now = clock.millis();
        List<GrowingWait> taken = new ArrayList<>();
        for (GrowingWait wait : waits) {
            long pause = wait.take(now);
            if (pause > 0) {
                taken.forEach(GrowingWait::giveBack);
                return new Try(Duration.ofMillis(pause), false, rank, List.of());
            }
            taken.add(wait);
        }
        return new Try(Duration.ZERO, false, rank, taken);
    }

    static String network(String address, int v4, int v6) {
        return AddressRange.parse(address)
                .flatMap(single -> single.within(v4, v6))
                .map(AddressRange::toString)
                .orElse(address);
    }

    // ---- within a session -------------------------------------------------------------------------------------

    @Override
    public Verdict ask(long accountId, HttpServletRequest request, BooleanSupplier right) {
        HttpSession session = request.getSession(false);
        AtomicInteger wrong =
                session == null ? new AtomicInteger() : guesses.get(session.getId(), _ -> new AtomicInteger());
        // Counted before it is looked at: sixty at once are sixty.
        if (wrong.incrementAndGet() > PER_SESSION) {
            return end(session);
        }
        Try taken = take(accountId, request);
        if (!taken.allowed()) {
            wrong.decrementAndGet();
            return new Verdict(Outcome.WAIT, taken.pause);
        }
        boolean done = false;
        try {
            boolean good = right.getAsBoolean();
            done = true;
            if (good) {
                taken.giveBack();
                wrong.set(0);
                return new Verdict(Outcome.RIGHT, Duration.ZERO);
            }
        } finally {
            if (!done) {
                // Nothing was checked: there was no place, or no database.
                taken.giveBack();
                wrong.decrementAndGet();
            }
        }
        return wrong.get() >= PER_SESSION ? end(session) : new Verdict(Outcome.WRONG, Duration.ZERO);
    }

    private static Verdict end(@org.jspecify.annotations.Nullable HttpSession session) {
        if (session != null) {
            session.invalidate();
        }
        SecurityContextHolder.clearContext();
        return new Verdict(Outcome.ENDED, Duration.ZERO);
    }

    @Override
    public void clear(long accountId) {
        // They read the mail of their address: what strangers typed as it is theirs to clear.
        people.preferences(accountId)
                .map(known -> "name " + known.email().strip().toLowerCase(Locale.ROOT))
                .ifPresent(
                        name -> typed.asMap().keySet().removeIf(key -> key.equals(name) || key.startsWith(name + " ")));
        accounts.invalidate(Long.toString(accountId));
        String whose = Long.toString(accountId);
        parts.asMap()
                .keySet()
                .removeIf(key -> key.startsWith(whose + " ")
                        || key.equals("device " + whose)
                        || key.startsWith("address " + whose + " "));
    }
}

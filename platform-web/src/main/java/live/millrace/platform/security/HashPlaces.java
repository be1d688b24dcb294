// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.TooBusyException;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/**
 * Where passwords are hashed: few at a time, and never two of one session or network at once. The others wait in a short line, those with
 * a known browser first, then those from a known address, then all others, each in turn: whoever sends sixty waits for themselves,
 * and nobody is kept from joining by a flood of log-ins. When the line is full, its last gives way to whoever would stand before them. Thread-safe.
 */
final class HashPlaces {
    private static final String RANK = HashPlaces.class.getName() + ".rank";

    /** What nobody logs in with: joining, another password, leaving. */
    private static final int LATER = 3;

    /** From here on it is each one's turn that counts. */
    private static final int STRANGER = 2;

    /** For whom a password is hashed. */
    private record Whose(String name, int rank) {}

    private final class Waiting {
        private final Whose whose;
        private final int round;
        private final long number;
        private final Condition called = lock.newCondition();
        private boolean in;
        private boolean out;

        private Waiting(Whose whose, int round, long number) {
            this.whose = whose;
            this.round = round;
            this.number = number;
        }
    }

    private static final Comparator<Waiting> ORDER = Comparator.<Waiting>comparingInt(
                    waiting -> Math.min(waiting.whose.rank, STRANGER))
            .thenComparingInt(waiting -> waiting.round)
            .thenComparingLong(waiting -> waiting.number);

    private final int places;
    private final int line;
    private final Duration patience;
    private final ReentrantLock lock = new ReentrantLock();
    private final Set<String> running = new HashSet<>();
    private final List<Waiting> waiting = new ArrayList<>();
    private long numbers;

    HashPlaces(int places, int line, Duration patience) {
        this.places = places;
        this.line = line;
        this.patience = patience;
    }

    /** Says who is about to log in. */
    static void rank(HttpServletRequest request, SignInTries.Rank rank, OptionalLong account) {
        // A browser that is known stands in line for its account: whoever else is behind the same address is nothing to
        // it.
        request.setAttribute(
                RANK,
                new Whose(
                        rank == SignInTries.Rank.DEVICE && account.isPresent()
                                ? "device " + account.getAsLong()
                                : from(request),
                        switch (rank) {
                            case DEVICE -> 0;
                            case ADDRESS -> 1;
                            case STRANGER -> STRANGER;
                        }));
    }

    private static String from(HttpServletRequest request) {
        return SignInTries.network(request.getRemoteAddr(), 24, 48);
    }

    private static Whose whose() {
        if (!(RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes attributes)) {
            return new Whose("the site itself", LATER);
        }
        HttpServletRequest request = attributes.getRequest();
        if (request.getAttribute(RANK) instanceof Whose whose) {
            return whose;
        }
        Authentication who = SecurityContextHolder.getContext().getAuthentication();
        return new Whose(
                who != null && who.getPrincipal() instanceof AccountPrincipal principal
                        ? "account " + principal.accountId()
                        : from(request),
                LATER);
    }

    /**
     * Does some work in a place of the current request's.
     *
     * @throws TooBusyException when there was none in time
     */
    <T extends @Nullable Object> T in(Supplier<T> work) {
        Whose whose = whose();
        enter(whose.name, whose.rank);
        try {
            return work.get();
        } finally {
            leave(whose.name);
        }
    }

    void enter(String name, int rank) {
        lock.lock();
        try {
            if (running.size() < places && waiting.isEmpty() && running.add(name)) {
                return;
            }
            int round = (int) waiting.stream()
                            .filter(other -> other.whose.name.equals(name))
                            .count()
                    + (running.contains(name) ? 1 : 0);
            Waiting own = new Waiting(new Whose(name, rank), round, numbers++);
            waiting.add(own);
            waiting.sort(ORDER);
            if (waiting.size() > line) {
                Waiting last = waiting.removeLast();
                last.out = true;
                last.called.signal();
            }
            call();
            await(own);
        } finally {
            lock.unlock();
        }
    }

    private void await(Waiting own) {
        long left = patience.toNanos();
        try {
            while (!own.in && !own.out && left > 0) {
                left = own.called.awaitNanos(left);
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
        if (!own.in) {
            waiting.remove(own);
            throw new TooBusyException();
        }
    }

    void leave(String name) {
        lock.lock();
        try {
            running.remove(name);
            call();
        } finally {
            lock.unlock();
        }
    }

    /** Calls the first of those who have none running. */
    private void call() {
        for (int i = 0; i < waiting.size() && running.size() < places; i++) {
            Waiting next = waiting.get(i);
            if (running.add(next.whose.name)) {
                waiting.remove(i--);
                next.in = true;
                next.called.signal();
            }
        }
    }

    int waiting() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }
}

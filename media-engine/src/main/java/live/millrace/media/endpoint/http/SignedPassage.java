// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.http;

import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import live.millrace.media.admission.SignedPlays;
import live.millrace.media.http.Gate;
import live.millrace.media.http.HttpAnswer;
import live.millrace.media.http.HttpRequest;
import live.millrace.media.http.Lease;
import live.millrace.media.http.PathTicket;
import live.millrace.media.http.Subject;

/**
 * To what not everybody may have, by an address that lets in whoever asks: a cache, for many. It opens no session.
 *
 * @param lease how long that cache keeps what it is given
 * @param absence what one hears when all addresses of the stream have ended
 */
record SignedPassage(SignedPlays.Grant grant, Optional<Lease> lease, Supplier<HttpAnswer> absence)
        implements Gate.Passage.Held {
    /** What caches can keep: the lists and pieces of these. */
    private static final Set<String> PROTOCOLS = Set.of("hls", "dash");

    /** Empty when a request brings no signature, or none that is good for what it asks for. */
    static Optional<SignedPassage> of(
            SignedPlays signed,
            Subject.Guarded subject,
            HttpRequest request,
            SignedPlays.What what,
            Supplier<HttpAnswer> absence) {
        boolean kept = subject.use() != Subject.Use.SOCKET && PROTOCOLS.contains(subject.protocol());
        boolean changes = subject.use() != Subject.Use.ARTEFACT;
        return grant(signed, request, what)
                .filter(_ -> kept)
                .map(grant -> new SignedPassage(grant, Optional.of(new Lease(grant::secondsLeft, changes)), absence));
    }

    /** Empty when a request brings no signature, or none that is good. */
    static Optional<SignedPlays.Grant> grant(SignedPlays signed, HttpRequest request, SignedPlays.What what) {
        return request.ticket()
                .filter(said -> said.kind() == PathTicket.Kind.SIGNATURE)
                .flatMap(said -> signed.check(said.text(), what));
    }

    @Override
    public Optional<HttpAnswer> revoked() {
        return grant.holds() ? Optional.empty() : Optional.of(absence.get());
    }

    @Override
    public void unused() {}

    @Override
    public void hold(Runnable end) {
        grant.hold(end);
    }

    @Override
    public void release(Runnable end) {
        grant.release(end);
    }

    @Override
    public boolean exclusive() {
        return false;
    }
}

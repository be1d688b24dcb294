// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.moderation.internal;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.audience.Guests;
import live.millrace.platform.audience.Viewer;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.chat.Talker;
import live.millrace.platform.engine.Engine;
import live.millrace.platform.engine.LiveView;
import live.millrace.platform.live.Broadcasting;
import live.millrace.platform.moderation.Cases.Evidence;
import live.millrace.platform.moderation.Reports;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Service;
import tools.jackson.databind.json.JsonMapper;

/** Takes reports, and keeps what was to be seen before it goes: live content is gone in half a minute. */
@Service
class FiledReports implements Reports {
    private static final Duration ON_AIR = Duration.ofSeconds(30);
    private static final int REPORTS_AT_ONCE = 10;
    private static final Duration REPORT_WINDOW = Duration.ofMinutes(10);
    private final ReportedThings things;
    private final CaseStore store;
    private final CaseTies ties;
    private final EvidenceFiles files;
    private final Guests guests;
    private final Broadcasting broadcasting;
    private final ObjectProvider<Engine> engine;
    private final JsonMapper json;
    private final Clock clock;
    private final Cache<Talker, Bucket> limits = Caffeine.newBuilder()
            .maximumSize(50_000)
            .expireAfterAccess(REPORT_WINDOW)
            .build();

    FiledReports(
            ReportedThings things,
            CaseStore store,
            CaseTies ties,
            EvidenceFiles files,
            Guests guests,
            Broadcasting broadcasting,
            ObjectProvider<Engine> engine,
            JsonMapper json,
            Clock clock) {
        this.things = things;
        this.store = store;
        this.ties = ties;
        this.files = files;
        this.guests = guests;
        this.broadcasting = broadcasting;
        this.engine = engine;
        this.json = json;
        this.clock = clock;
    }

    @Override
    public Optional<String> file(Viewer viewer, Report report) {
        Optional<Reported> found = things.find(report, viewer);
        if (found.isEmpty()) {
            return Optional.of("report.not.found");
        }
        Reported what = found.get();
        Optional<Talker> known = reporter(viewer, what.where());
        if (known.isEmpty()) {
            return Optional.of("report.not.account");
        }
        Talker reporter = known.get();
        AccountPrincipal person = viewer.person();
        if (what.of(reporter)) {
            return Optional.of("report.not.self");
        }
        if (person != null
                && person.staff()
                && ties.staff().stream().allMatch(other -> other.id() == person.accountId())) {
            return Optional.of("report.not.alone");
        }
        if (report.text().length() > MAX_TEXT) {
            return Optional.of("report.not.long");
        }
        boolean may = limits.get(
                        reporter,
                        _ -> Bucket.builder()
                                .addLimit(limit ->
                                        limit.capacity(REPORTS_AT_ONCE).refillGreedy(REPORTS_AT_ONCE, REPORT_WINDOW))
                                .build())
                .tryConsume(1);
        if (!may) {
            return Optional.of("report.not.many");
        }
        long caseId =
                store.open(what).or(() -> open(what)).or(() -> store.open(what)).orElseThrow();
        store.report(
                caseId,
                reporter,
                what.where().name(),
                report.reason(),
                report.text().replace("\0", "").strip(),
                clock.instant());
        return Optional.empty();
    }

    /** Whoever has an account reports what they find anywhere; a guest without one what is in the channel that invited them. */
    private Optional<Talker> reporter(Viewer viewer, ChannelView where) {
        AccountPrincipal person = viewer.person();
        return person == null
                ? guests.of(where.id(), viewer).map(guest -> new Talker.Invited(guest.id(), guest.name()))
                : Optional.of(new Talker.Person(person.accountId()));
    }

    /** Opens a case with its evidence. */
    private Optional<Long> open(Reported what) {
        // A video stays for a week whoever deletes it, and what was said below it is kept; what is on air is another
        // thing.
        boolean kept = what.video() != null;
        Optional<LiveView> live =
                kept ? Optional.empty() : engine.getObject().live(what.where().name());
        Evidence evidence = new Evidence(
                kept ? null : what.where().displayTitle(),
                live.map(LiveView::viewers).orElse(0),
                live.map(view -> view.broadcastId().toString()).orElse(null),
                things.around(what));
        Optional<Long> opened = store.create(
                what,
                json.writeValueAsString(evidence),
                live.flatMap(view -> broadcasting.picture(view.broadcastId())).orElse(null),
                clock.instant());
        opened.ifPresent(id -> {
            if (live.isPresent()) {
                store.keptSegments(
                        id,
                        files.keep(
                                id,
                                engine.getObject().recentSegments(what.where().name(), ON_AIR)));
            }
        });
        return opened;
    }
}

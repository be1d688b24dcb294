// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.moderation.internal;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.chat.ChatModeration;
import live.millrace.platform.chat.StoredMessage;
import live.millrace.platform.engine.Engine;
import live.millrace.platform.engine.LiveView;
import live.millrace.platform.live.Broadcasting;
import live.millrace.platform.moderation.CaseKind;
import live.millrace.platform.moderation.Cases.Evidence;
import live.millrace.platform.moderation.Reports;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Service;
import tools.jackson.databind.json.JsonMapper;

/** Takes reports, and keeps what was to be seen before it goes: live content is gone in half a minute. */
@Service
class FiledReports implements Reports {
    private static final int NEIGHBOURS = 20;
    private static final Duration ON_AIR = Duration.ofSeconds(30);
    private static final int REPORTS_AT_ONCE = 10;
    private static final Duration REPORT_WINDOW = Duration.ofMinutes(10);
    private final CaseStore store;
    private final CaseTies ties;
    private final EvidenceFiles files;
    private final Channels channels;
    private final ChatModeration rooms;
    private final Broadcasting broadcasting;
    private final ReportedVideos videos;
    private final ObjectProvider<Engine> engine;
    private final JsonMapper json;
    private final Clock clock;
    private final Cache<Long, Bucket> limits = Caffeine.newBuilder()
            .maximumSize(50_000)
            .expireAfterAccess(REPORT_WINDOW)
            .build();

    FiledReports(
            CaseStore store,
            CaseTies ties,
            EvidenceFiles files,
            Channels channels,
            ChatModeration rooms,
            Broadcasting broadcasting,
            ReportedVideos videos,
            ObjectProvider<Engine> engine,
            JsonMapper json,
            Clock clock) {
        this.store = store;
        this.ties = ties;
        this.files = files;
        this.channels = channels;
        this.rooms = rooms;
        this.broadcasting = broadcasting;
        this.videos = videos;
        this.engine = engine;
        this.json = json;
        this.clock = clock;
    }

    @Override
    public Optional<String> file(AccountPrincipal reporter, Report report) {
        Optional<Reported> found = find(report);
        if (found.isEmpty()) {
            return Optional.of("report.not.found");
        }
        Reported what = found.get();
        if (what.of().accountId() == reporter.accountId()) {
            return Optional.of("report.not.self");
        }
        if (reporter.staff() && ties.staff().stream().allMatch(other -> other.id() == reporter.accountId())) {
            return Optional.of("report.not.alone");
        }
        if (report.text().length() > MAX_TEXT) {
            return Optional.of("report.not.long");
        }
        boolean may = limits.get(
                        reporter.accountId(),
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
                reporter.accountId(),
                report.reason(),
                report.text().replace("\0", "").strip(),
                clock.instant());
        return Optional.empty();
    }

    private Optional<Reported> find(Report report) {
        Long seq = report.seq();
        return switch (report.kind()) {
            case USER ->
                channels.find(report.user() == null ? "" : report.user())
                        .filter(ChannelView::own)
                        .map(person -> Reported.channel(CaseKind.USER, person, person.displayName()));
            case VIDEO ->
                videos.video(report.video())
                        .map(found -> new Reported(
                                CaseKind.VIDEO,
                                found.channel(),
                                found.channel(),
                                null,
                                found.video().id(),
                                null,
                                found.video().title()));
            case COMMENT ->
                videos.comment(report.comment())
                        .map(found -> new Reported(
                                CaseKind.COMMENT,
                                found.author(),
                                found.below().channel(),
                                null,
                                found.below().video().id(),
                                report.comment(),
                                found.said().text()));
            case MESSAGE ->
                channels.find(report.channel())
                        .flatMap(channel -> rooms.message(channel.id(), seq == null ? -1 : seq)
                                .filter(message -> message.accountId() != null)
                                .map(message -> new Reported(
                                        CaseKind.MESSAGE,
                                        channels.ofAccount(Objects.requireNonNull(message.accountId())),
                                        channel,
                                        seq,
                                        null,
                                        null,
                                        message.text())));
            case CHANNEL, LIVE ->
                channels.find(report.channel())
                        .map(channel -> Reported.channel(report.kind(), channel, channel.displayTitle()));
        };
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
                neighbours(what));
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

    /** What was said around it, and it itself, as it was then. */
    private List<StoredMessage> neighbours(Reported what) {
        if (what.comment() != null) {
            return videos.around(what.comment(), NEIGHBOURS);
        }
        if (what.video() != null) {
            return List.of();
        }
        return what.seq() == null
                ? rooms.latest(what.where().id(), NEIGHBOURS)
                : rooms.around(what.where().id(), what.seq(), NEIGHBOURS);
    }
}

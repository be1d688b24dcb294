// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.moderation.internal;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
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
import live.millrace.platform.recording.Videos;
import live.millrace.platform.recording.Visibility;
import org.jspecify.annotations.Nullable;
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
    private static final int MAX_EXCERPT = 300;

    /** What a report is about, found. */
    private record Found(
            CaseKind kind,
            ChannelView of,
            ChannelView where,
            @Nullable Long seq,
            @Nullable String video,
            String excerpt) {
        static Found channel(CaseKind kind, ChannelView channel, String excerpt) {
            return new Found(kind, channel, channel, null, null, excerpt);
        }
    }

    private final CaseStore store;
    private final CaseTies ties;
    private final EvidenceFiles files;
    private final Channels channels;
    private final ChatModeration rooms;
    private final Broadcasting broadcasting;
    private final Videos videos;
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
            Videos videos,
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
        Optional<Found> found = find(report);
        if (found.isEmpty()) {
            return Optional.of("report.not.found");
        }
        Found what = found.get();
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
        long caseId = store.open(what.kind(), what.of().name(), what.where().name(), what.seq(), what.video())
                .or(() -> open(what))
                .or(() -> store.open(what.kind(), what.of().name(), what.where().name(), what.seq(), what.video()))
                .orElseThrow();
        store.report(
                caseId,
                reporter.accountId(),
                report.reason(),
                report.text().replace("\0", "").strip(),
                clock.instant());
        return Optional.empty();
    }

    private Optional<Found> find(Report report) {
        if (report.kind() == CaseKind.USER) {
            return channels.find(report.user() == null ? "" : report.user())
                    .filter(ChannelView::own)
                    .map(person -> Found.channel(CaseKind.USER, person, person.displayName()));
        }
        if (report.kind() == CaseKind.VIDEO) {
            return videos.find(report.video() == null ? "" : report.video())
                    .filter(video -> video.visibility() != Visibility.PRIVATE)
                    .flatMap(video -> channels.find(video.channelId())
                            .map(channel ->
                                    new Found(CaseKind.VIDEO, channel, channel, null, video.id(), cut(video.title()))));
        }
        Optional<ChannelView> where = channels.find(report.channel());
        if (report.kind() == CaseKind.MESSAGE) {
            Long seq = report.seq();
            return where.flatMap(channel -> rooms.message(channel.id(), seq == null ? -1 : seq)
                    .filter(message -> message.accountId() != null)
                    .map(message -> new Found(
                            CaseKind.MESSAGE,
                            channels.ofAccount(java.util.Objects.requireNonNull(message.accountId())),
                            channel,
                            seq,
                            null,
                            cut(message.text()))));
        }
        return where.map(channel -> Found.channel(report.kind(), channel, cut(channel.displayTitle())));
    }

    private static String cut(String text) {
        return text.codePointCount(0, text.length()) <= MAX_EXCERPT
                ? text
                : text.substring(0, text.offsetByCodePoints(0, MAX_EXCERPT));
    }

    /** Opens a case with its evidence. */
    private Optional<Long> open(Found what) {
        // A video stays for a week whoever deletes it; what is on air is another thing.
        boolean kept = what.kind() == CaseKind.VIDEO;
        Optional<LiveView> live =
                kept ? Optional.empty() : engine.getObject().live(what.where().name());
        Long seq = what.seq();
        List<StoredMessage> messages = kept
                ? List.of()
                : seq == null
                        ? rooms.latest(what.where().id(), NEIGHBOURS)
                        : rooms.around(what.where().id(), seq, NEIGHBOURS);
        Evidence evidence = new Evidence(
                kept ? null : what.where().displayTitle(),
                live.map(LiveView::viewers).orElse(0),
                live.map(view -> view.broadcastId().toString()).orElse(null),
                messages);
        Optional<Long> opened = store.create(
                what.kind(),
                what.of().accountId(),
                what.of().name(),
                what.where().id(),
                what.where().name(),
                seq,
                what.video(),
                what.excerpt(),
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

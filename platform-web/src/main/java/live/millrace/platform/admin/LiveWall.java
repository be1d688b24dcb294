// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.admin;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import live.millrace.platform.account.AccountView;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.engine.Engine;
import live.millrace.platform.engine.LiveState;
import live.millrace.platform.engine.LiveView;
import live.millrace.platform.live.Broadcasting;
import live.millrace.platform.moderation.Cases;
import live.millrace.platform.studio.StreamHistory;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** Everything that is on air at this moment, with what staff want to know of it at a glance. */
@Component
public class LiveWall {
    /**
     * One stream.
     *
     * @param thumbnail an address; null where there is no picture yet
     * @param bitrate in bits a second
     * @param accountDays how old the account is
     * @param reports open reports about the channel
     * @param trouble a key under {@code studio.warning}; null while all is well
     */
    public record Tile(
            String channel,
            String title,
            LiveState state,
            Instant startedAt,
            @Nullable String thumbnail,
            String media,
            int viewers,
            long bitrate,
            long accountDays,
            int reports,
            @Nullable String trouble) {
        private Tile reported(int count) {
            return new Tile(
                    channel, title, state, startedAt, thumbnail, media, viewers, bitrate, accountDays, count, trouble);
        }
    }

    private final ObjectProvider<Engine> engine;
    private final Channels channels;
    private final Accounts accounts;
    private final Broadcasting broadcasting;
    private final Cases cases;
    private final StreamHistory history;
    private final Clock clock;

    LiveWall(
            ObjectProvider<Engine> engine,
            Channels channels,
            Accounts accounts,
            Broadcasting broadcasting,
            Cases cases,
            StreamHistory history,
            Clock clock) {
        this.engine = engine;
        this.channels = channels;
        this.accounts = accounts;
        this.broadcasting = broadcasting;
        this.cases = cases;
        this.history = history;
        this.clock = clock;
    }

    /** Those with reports first, then the most watched; reports that do not exist to this person are not counted. */
    public List<Tile> now(long staffId) {
        return seenBy(staffId, now());
    }

    List<Tile> seenBy(long staffId, List<Tile> all) {
        if (all.isEmpty()) {
            return all;
        }
        Map<String, Integer> reports = cases.openReports(staffId);
        return all.stream()
                .map(tile -> tile.reported(reports.getOrDefault(tile.channel(), 0)))
                .sorted((one, other) -> one.reports() != other.reports()
                        ? Integer.compare(other.reports(), one.reports())
                        : Integer.compare(other.viewers(), one.viewers()))
                .toList();
    }

    /** Everything, with no reports counted. */
    List<Tile> now() {
        List<LiveView> live = engine.getObject().live();
        if (live.isEmpty()) {
            return List.of();
        }
        Map<String, ChannelView> known = channels
                .find(live.stream().map(LiveView::channel).toList())
                .stream()
                .collect(Collectors.toMap(ChannelView::name, channel -> channel));
        Instant now = clock.instant();
        return live.stream()
                .map(view -> tile(view, Optional.ofNullable(known.get(view.channel())), now))
                .toList();
    }

    private Tile tile(LiveView view, Optional<ChannelView> channel, Instant now) {
        LiveView.Video video = view.video();
        LiveView.Audio audio = view.audio();
        String media = (video == null ? "" : video.codec() + " " + video.width() + "×" + video.height() + " ")
                + (audio == null ? "" : audio.codec());
        return new Tile(
                view.channel(),
                channel.map(ChannelView::displayTitle).orElse(view.channel()),
                view.state(),
                view.startedAt(),
                broadcasting.thumbnail(view.broadcastId()).orElse(null),
                media.strip(),
                view.viewers(),
                view.bitrate(),
                channel.flatMap(found -> accounts.find(found.accountId()))
                        .map(AccountView::createdAt)
                        .map(created -> Duration.between(created, now).toDays())
                        .orElse(0L),
                0,
                history.trouble(view).map(Enum::name).orElse(null));
    }
}

// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording.internal;

import java.io.IOException;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import live.millrace.media.recording.RecordedSpan;
import live.millrace.media.recording.RecordedTrack;
import live.millrace.media.recording.Recording;
import live.millrace.media.recording.RecordingGap;
import live.millrace.media.recording.RecordingIndex;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.channel.Visibility;
import live.millrace.platform.recording.RecordingRules;
import live.millrace.platform.recording.VideoChanged;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The index of recordings in the database. What it is told is one transaction each: spans, the sums on their recording, and what the
 * channel uses. What is told of a recording that is no more is heard and forgotten.
 */
@Component
class JdbcRecordingIndex implements RecordingIndex {
    private static final Logger LOG = LoggerFactory.getLogger(JdbcRecordingIndex.class);

    private final IndexRows rows;
    private final Channels channels;
    private final RecordingRules rules;
    private final ApplicationEventPublisher events;
    private final TransactionTemplate transaction;
    private final TransactionTemplate snapshot;

    JdbcRecordingIndex(
            IndexRows rows,
            Channels channels,
            RecordingRules rules,
            ApplicationEventPublisher events,
            PlatformTransactionManager transactions) {
        this.rows = rows;
        this.channels = channels;
        this.rules = rules;
        this.events = events;
        this.transaction = new TransactionTemplate(transactions);
        this.snapshot = new TransactionTemplate(transactions);
        this.snapshot.setReadOnly(true);
        this.snapshot.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
    }

    // ---- told -------------------------------------------------------------------------------------------------

    @Override
    public void begun(Recording recording) throws IOException {
        inTransaction(() -> {
            ChannelView channel = channel(recording.stream()).orElse(null);
            // Held, so that whoever changes who sees it comes before, or finds this.
            Visibility visibility = channel == null || !rows.hold(channel.id())
                    ? Visibility.PRIVATE
                    : rules.of(channel.id()).visibility();
            if (rows.begin(recording, channel, visibility)) {
                publish(recording.id(), channel == null ? null : channel.id(), VideoChanged.What.BEGAN);
            }
        });
    }

    /** The application is whatever an encoder called it; on a site the name is a channel's. */
    private Optional<ChannelView> channel(String stream) {
        return channels.find(stream.substring(stream.lastIndexOf('/') + 1));
    }

    @Override
    public void track(String recording, RecordedTrack track) throws IOException {
        inTransaction(() -> rows.track(recording, track));
    }

    @Override
    public void span(String recording, RecordedSpan span) throws IOException {
        inTransaction(() -> rows.lock(recording)
                .ifPresentOrElse(
                        row -> {
                            rows.span(row, span);
                            rows.sum(row);
                        },
                        () -> LOG.debug("A span of {} came, which is no more", recording)));
    }

    @Override
    public void gap(String recording, RecordingGap gap) throws IOException {
        inTransaction(() -> rows.lock(recording).ifPresent(row -> {
            if (rows.gap(row, gap)) {
                publish(recording, row.channelId(), VideoChanged.What.EDITED);
            }
        }));
    }

    @Override
    public void ended(String recording, Instant at) throws IOException {
        inTransaction(() -> end(recording, at));
    }

    /** Is over, for whoever is in a transaction already. What was over before stays as it is. */
    void end(String recording, Instant at) {
        rows.lock(recording).filter(IndexRows.Row::recording).ifPresent(row -> {
            Long channel = row.channelId();
            Integer days = channel == null ? null : rules.of(channel).keepDays();
            rows.end(row, at, days);
            publish(recording, channel, VideoChanged.What.ENDED);
        });
    }

    private void publish(String recording, @Nullable Long channelId, VideoChanged.What what) {
        events.publishEvent(new VideoChanged(recording, channelId, what));
    }

    private void inTransaction(Runnable work) throws IOException {
        try {
            transaction.executeWithoutResult(_ -> work.run());
        } catch (DataAccessException | TransactionException e) {
            throw new IOException("The recording could not be written down", e);
        }
    }

    // ---- asked ------------------------------------------------------------------------------------------------

    @Override
    public Optional<Recording> find(String recording) throws IOException {
        return read(() -> rows.find(recording));
    }

    /** Unlisted ones are for those who have their address. */
    @Override
    public List<String> ofStream(String stream, int most) throws IOException {
        return read(() -> rows.ofStream(stream, List.of(Visibility.PUBLIC), most));
    }

    @Override
    public List<String> ofStreamByTicket(String stream, int most) throws IOException {
        return read(() -> rows.ofStream(stream, EnumSet.complementOf(EnumSet.of(Visibility.UNLISTED)), most));
    }

    @Override
    public List<Recording> unfinished() throws IOException {
        return read(rows::unfinished);
    }

    private <T> T read(Supplier<T> question) throws IOException {
        try {
            return Objects.requireNonNull(snapshot.execute(_ -> question.get()));
        } catch (DataAccessException | TransactionException e) {
            throw new IOException("Recordings could not be looked up", e);
        } catch (IllegalArgumentException damaged) {
            throw new IOException("A recording's index is damaged", damaged);
        }
    }
}

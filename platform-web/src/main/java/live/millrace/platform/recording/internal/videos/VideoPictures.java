// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording.internal.videos;

import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Pictures of videos and clips, made of their own bytes. Whoever calls has found that they may be seen. Thread-safe. */
@Component
public class VideoPictures {
    /**
     * What is shown of a picture {@code p} of the recording {@code r}: nothing of what is not for everybody at once, nor of a broadcast whose
     * picture was taken down.
     */
    public static final String SHOWN = """
            p.jpeg is not null and not r.mature
            and not exists (select from live_broadcast b where b.engine_id = r.engine_id and b.picture_withheld)""";

    private final JdbcClient database;

    VideoPictures(JdbcClient database) {
        this.database = database;
    }

    /** Where a video's picture is. */
    static String ofVideo(String id, long number) {
        return "/videos/" + id + "/picture/" + number;
    }

    /** Where a clip's picture is. */
    public static String ofClip(String id, long number) {
        return "/clips/" + id + "/picture/" + number;
    }

    /** The picture of a video, as JPEG; empty when it has none of this number, or no more. */
    public Optional<byte[]> video(String id, long number) {
        return one(
                "from recording_picture p join recording r on r.id = p.recording_id where r.public_id = ?", id, number);
    }

    /** The picture of a clip, likewise. */
    public Optional<byte[]> clip(String id, long number) {
        return one("""
                from recording_picture p join recording_clip k on k.id = p.clip_id
                join recording r on r.id = coalesce(k.own_recording, k.recording_id) where k.public_id = ?""", id, number);
    }

    private Optional<byte[]> one(String where, String id, long number) {
        return database.sql("select p.jpeg " + where + " and p.number = ? and " + SHOWN)
                .param(id)
                .param(number)
                .query((row, _) -> row.getBytes(1))
                .optional();
    }
}

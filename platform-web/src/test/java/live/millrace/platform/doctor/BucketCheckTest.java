// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import live.millrace.platform.recording.FakeBucket;
import live.millrace.platform.recording.FakeBucket.Mood;
import live.millrace.platform.shared.SiteMessages;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.mock.env.MockEnvironment;

/** What the doctor says of a bucket. */
class BucketCheckTest {
    private FakeBucket bucket;
    private MockEnvironment settings;

    @BeforeEach
    void start() throws Exception {
        bucket = new FakeBucket();
        settings = new MockEnvironment()
                .withProperty("millrace.recording.bucket.endpoint", bucket.endpoint())
                .withProperty("millrace.recording.bucket.name", "recordings")
                .withProperty("millrace.recording.bucket.prefix", "site/")
                .withProperty("millrace.recording.bucket.access-key", FakeBucket.KEY)
                .withProperty("millrace.recording.bucket.secret-key", FakeBucket.SECRET);
    }

    @AfterEach
    void stop() {
        bucket.close();
    }

    private Finding finding() {
        Finding found = BucketCheck.examine(settings).getFirst();
        assertThat(words(found)).doesNotContain(FakeBucket.KEY).doesNotContain(FakeBucket.SECRET);
        return found;
    }

    private String words() {
        return words(finding());
    }

    private static String words(Finding finding) {
        SiteMessages texts = new SiteMessages();
        texts.setBasename("messages/doctor");
        return finding.text(texts, Locale.ENGLISH);
    }

    @Test
    void itTakesGivesAndDeletes() {
        assertThat(finding().state()).isEqualTo(Finding.State.GOOD);
        assertThat(words()).contains("takes, gives and deletes an object");
        assertThat(bucket.objects()).isEmpty();
    }

    @Test
    void whichStepFailsIsSaid() {
        bucket.is(Mood.REFUSES, "DELETE");
        assertThat(words()).contains("does not delete it", "403 AccessDenied", "rights");
        bucket.is(Mood.REFUSES, "GET");
        assertThat(words()).contains("does not give it");
        bucket.is(Mood.REFUSES);
        assertThat(words()).contains("takes no object");
        bucket.is(Mood.AWAY);
        assertThat(finding().state()).isEqualTo(Finding.State.BAD);
    }

    @Test
    void nothingIsSaidWhereThereIsNoneAndMuchWhereItIsHalf() {
        assertThat(BucketCheck.examine(new MockEnvironment())).isEmpty();
        settings.setProperty("millrace.recording.bucket.secret-key", "");
        assertThat(words()).contains("secret-key missing");
        settings.setProperty("millrace.recording.bucket.local-hours", "many");
        assertThat(finding().state()).isEqualTo(Finding.State.BAD);
    }
}

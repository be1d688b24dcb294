// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.container.mpegts;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import live.millrace.media.bytes.Crc32Mpeg;
import org.junit.jupiter.api.Test;

/** The table that says who made a transport stream. */
class TsServicesTest {
    /** As FFmpeg 5.1 writes it, from table_id to before the checksum. */
    private static final String FFMPEG =
            "42f0250001c10000ff01ff0001fc801448120106" + "46466d706567" + "095365727669636530" + "31";

    private static TsServices after(String... sections) {
        TsServices services = new TsServices();
        for (String hex : sections) {
            services.payload(true, payload(hex));
        }
        return services;
    }

    /** With pointer_field and checksum. */
    private static ByteBuf payload(String hex) {
        byte[] section = HexFormat.of().parseHex(hex);
        ByteBuf whole = Unpooled.buffer().writeByte(0).writeBytes(section);
        return whole.writeInt(Crc32Mpeg.of(whole, 1, section.length));
    }

    /** With names of any bytes. */
    private static String table(String provider, String name) {
        int descriptor = 3 + provider.length() / 2 + name.length() / 2;
        int loop = 2 + descriptor;
        return "42%04x0001c10000ff01ff0001fc%04x48%02x01%02x%s%02x%s"
                .formatted(
                        0xF000 | 8 + 5 + loop + 4,
                        0x8000 | loop,
                        descriptor,
                        provider.length() / 2,
                        provider,
                        name.length() / 2,
                        name);
    }

    private static String hex(String text) {
        return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void theProviderIsWhoMadeIt() {
        assertThat(after().name()).isEmpty();
        assertThat(after(FFMPEG).name()).contains("FFmpeg");
        assertThat(after(table(hex("vMix"), hex("Call"))).name()).contains("vMix");
    }

    @Test
    void theNameDoesWhereThereIsNoProvider() {
        assertThat(after(table("", hex("Teradek Cube"))).name()).contains("Teradek Cube");
        assertThat(after(table(hex("  "), hex("Cube"))).name()).contains("Cube");
    }

    @Test
    void theFirstThatSaysSomethingCounts() {
        TsServices services = after(table("", ""), table(hex("OBS"), ""), table(hex("another"), ""));
        assertThat(services.name()).contains("OBS");
    }

    @Test
    void lettersAreReadInTheirTable() {
        assertThat(after(table("15" + hex("编码器"), "")).name()).contains("编码器");
        assertThat(after(table("05" + "4bf66c6e", "")).name()).as("Latin").contains("K\u00f6ln");
        assertThat(after(table("100002" + hex("Haivision"), "")).name()).contains("Haivision");
        assertThat(after(table("15", hex("Cube"))).name()).contains("Cube");
    }

    @Test
    void whatIsHostileIsNoName() {
        assertThat(after(table(hex("\u202eevil\u0007"), "")).name()).contains("evil");
        assertThat(after(table(hex("x".repeat(200)), "")).name()).contains("x".repeat(64));
        for (int length = 11; length < FFMPEG.length() / 2; length++) {
            // Cut anywhere, with lengths that promise more.
            byte[] cut = HexFormat.of().parseHex(FFMPEG.substring(0, length * 2));
            cut[2] = (byte) (length - 3 + 4);
            assertThat(after(HexFormat.of().formatHex(cut)).name().orElse("FFmpeg"))
                    .as("%d bytes", length)
                    .isIn("FFmpeg", "Service01");
        }
    }
}

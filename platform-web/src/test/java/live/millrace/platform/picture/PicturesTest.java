// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.picture;

import static live.millrace.platform.TestPeople.name;
import static live.millrace.platform.TestPictures.png;
import static live.millrace.platform.TestPictures.upload;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.user;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.header;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.redirectedUrl;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import javax.imageio.ImageIO;
import live.millrace.platform.TestPeople;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.database.TestDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.web.servlet.MockMvc;

/** What people upload is encoded anew, or refused. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class PicturesTest {
    @Autowired
    private TestPeople people;

    @Autowired
    private MockMvc site;

    @Test
    void aPictureIsEncodedAnewUnderANameOfOurOwn() throws Exception {
        AccountPrincipal anna = people.user();
        byte[] png = png(800, 600);
        byte[] trailing = new byte[png.length + 100];
        System.arraycopy(png, 0, trailing, 0, png.length);
        System.arraycopy("<script>alert(1)</script>".getBytes(StandardCharsets.UTF_8), 0, trailing, png.length, 25);
        site.perform(upload("/settings/pictures/avatar", trailing)
                        .with(user(anna))
                        .with(csrf()))
                .andExpect(redirectedUrl("/settings?saved"));
        String name = people.channel(anna).avatar();
        assertThat(name).matches("[0-9a-f]{32}");
        byte[] served = site.perform(get("/pictures/" + name))
                .andExpect(header().string("Content-Type", "image/jpeg"))
                .andExpect(header().string("Cache-Control", containsString("immutable")))
                .andExpect(header().string("X-Content-Type-Options", "nosniff"))
                .andReturn()
                .getResponse()
                .getContentAsByteArray();
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(served));
        assertThat(image.getWidth()).isEqualTo(256);
        assertThat(image.getHeight()).isEqualTo(256);
        assertThat(new String(served, StandardCharsets.ISO_8859_1)).doesNotContain("script");
        site.perform(upload("/settings/pictures/avatar", png).with(user(anna)).with(csrf()));
        site.perform(get("/pictures/" + name)).andExpect(status().isNotFound());
    }

    @Test
    void aChannelTakesTheHueOfItsAvatarAndLosesItWithIt() throws Exception {
        AccountPrincipal anna = people.user();
        BufferedImage red = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
        Graphics2D pen = red.createGraphics();
        pen.setColor(Color.RED);
        pen.fillRect(0, 0, 64, 64);
        pen.dispose();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(red, "png", out);
        site.perform(upload("/settings/pictures/avatar", out.toByteArray())
                .with(user(anna))
                .with(csrf()));
        assertThat(people.channel(anna).hueClass()).isEqualTo("own hue-2");
        site.perform(post("/settings/pictures/avatar/remove").with(user(anna)).with(csrf()));
        assertThat(people.channel(anna).hue()).isNull();
    }

    /** A photograph of a phone that was held upright: stored lying, with a note of how it was held. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aPhotographStandsAsItWasTaken(boolean withJfif) throws Exception {
        BufferedImage lying = new BufferedImage(400, 200, BufferedImage.TYPE_INT_RGB);
        for (int x = 0; x < 200; x++) {
            for (int y = 0; y < 200; y++) {
                lying.setRGB(x, y, 0xff0000);
            }
        }
        ByteArrayOutputStream jpeg = new ByteArrayOutputStream();
        ImageIO.write(lying, "jpeg", jpeg);
        byte[] plain = jpeg.toByteArray();
        byte[] exif = HexFormat.of()
                .parseHex("ffe1002245786966000049492a00080000000100120103000100000006000000" + "00000000");
        // The writer's first segment is JFIF's; phones write it before Exif or not at all.
        int jfifEnd = 4 + ((plain[4] & 0xff) << 8) + (plain[5] & 0xff);
        ByteArrayOutputStream held = new ByteArrayOutputStream();
        held.write(plain, 0, withJfif ? jfifEnd : 2);
        held.write(exif);
        held.write(plain, jfifEnd, plain.length - jfifEnd);
        AccountPrincipal anna = people.user();
        site.perform(upload("/settings/pictures/avatar", held.toByteArray())
                        .with(user(anna))
                        .with(csrf()))
                .andExpect(redirectedUrl("/settings?saved"));
        byte[] served = site.perform(get("/pictures/" + people.channel(anna).avatar()))
                .andReturn()
                .getResponse()
                .getContentAsByteArray();
        BufferedImage shown = ImageIO.read(new ByteArrayInputStream(served));
        // Red was left; turned by a quarter it is above.
        assertThat(shown.getRGB(128, 20) >> 16 & 0xff).isGreaterThan(200);
        assertThat(shown.getRGB(128, 236) >> 16 & 0xff).isLessThan(50);
    }

    @Test
    void webpIsAPictureToo() throws Exception {
        AccountPrincipal anna = people.user();
        byte[] webp = Base64.getDecoder().decode("UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA");
        site.perform(upload("/settings/pictures/avatar", webp).with(user(anna)).with(csrf()))
                .andExpect(redirectedUrl("/settings?saved"));
    }

    @Test
    void aBombIsRefusedByItsHeader() throws Exception {
        AccountPrincipal anna = people.user();
        byte[] bomb = png(10, 10);
        // The header says thirty thousand pixels each way.
        for (int at : new int[] {16, 20}) {
            bomb[at] = 0;
            bomb[at + 1] = 0;
            bomb[at + 2] = 0x75;
            bomb[at + 3] = 0x30;
        }
        site.perform(upload("/settings/pictures/avatar", bomb).with(user(anna)).with(csrf()))
                .andExpect(status().isUnprocessableContent());
        site.perform(upload("/settings/pictures/avatar", "<svg onload='x'/>".getBytes(StandardCharsets.UTF_8))
                        .with(user(anna))
                        .with(csrf()))
                .andExpect(status().isUnprocessableContent())
                .andExpect(content().string(containsString("We can’t read this file")));
        assertThat(people.channel(anna).avatar()).isNull();
    }
}

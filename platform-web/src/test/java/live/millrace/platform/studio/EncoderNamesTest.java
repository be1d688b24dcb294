// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.studio;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EncoderNamesTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', emptyValue = "", textBlock = """
            obs-output module (libobs version 29.1.3)      | OBS Studio 29.1
            obs-output module (libobs version 30.0.2-rc1)  | OBS Studio 30.0
            obs-studio/31.0.1                              | OBS Studio 31.0
            obs-output module                              | OBS Studio
            Lavf60.3.100                                   | FFmpeg (libavformat 60.3)
            FMLE/3.0 (compatible; Lavf61.7.100)            | FFmpeg (libavformat 61.7)
            FMLE/3.0 (compatible; FMSc/1.0)                | ''
            FMLE/3.2 something                             | Flash Media Live Encoder 3
            Larix Broadcaster 1.3.9                        | Larix Broadcaster
            Wirecast/15.3                                  | Wirecast 15.3
            Wirecast                                       | Wirecast
            vMix 27.0                                      | vMix
            StreamYard                                     | StreamYard
            my own thing 7                                 | my own thing 7
            ''                                             | ''
            """)
    void programsAreCalledAsPeopleCallThem(String said, String name) {
        assertThat(EncoderNames.of(said)).isEqualTo(name);
    }
}

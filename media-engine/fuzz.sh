#!/bin/sh
# Searches each fuzz target for 60 s. What is found stays in src/test/resources and fails the build until it is mended.
set -eu
cd "$(dirname "$0")/.."
for target in \
    'HandshakeHandlerTest#anyBytes*' 'ChunkDecoderTest#anyBytes*' 'RtmpMessageParserTest#anyMessage*' \
    'AmfTest#amf0Never*' 'AmfTest#amf3Never*' 'FlvDemuxerTest#anyTag*' \
    'CodecParsersTest#configurationRecordsFail*' 'CodecParsersTest#sequenceParameterSetsFail*' \
    'CodecParsersTest#audioSpecificConfigsFail*' 'HttpConnectionTest#anyBytes*' \
    'RtpPacketTest#anyBytes*' 'RtcpCompoundTest#anyBytes*' 'SdpParserTest#anyText*' \
    'DepacketizersFuzzTest#anyPackets*' 'RtspDecoderTest#anyBytes*' \
    'RtspConnectionFuzzTest#anyBytes*' 'ConversationFuzzTest#anyAnswers*' \
    'SrtHandshakeTest#anything*' 'SrtConversationFuzzTest#anything*' \
    'OffersFuzzTest#anyOffer*' 'StunMessageTest#anyBytes*' 'SrtpSessionTest#anyBytes*' \
    'DtlsRecordsFuzzTest#anyDatagram*' 'FeedbackTest#anyFeedback*' 'WebrtcFuzzTest#anyDatagrams*' 'WebrtcFuzzTest#anyPackets*' \
    'TsDemuxerFuzzTest#anyBytes*' 'PsDemuxerFuzzTest#anyBytes*' 'FlvReaderFuzzTest#anyBytes*' \
    'platform-web/AnswersTest#nothingBreaks*' 'platform-web/DeviceSearchTest#nothingBreaks*'; do
    [ -n "${1:-}" ] && case $target in *"$1"*) ;; *) continue ;; esac
    echo "== $target"
    module=media-engine
    case $target in */*) module=${target%%/*} ;; esac
    JAZZER_FUZZ=1 ./mvnw -B -q -pl "$module" -am test -Dtest="${target#*/}" -Dsurefire.failIfNoSpecifiedTests=false
done

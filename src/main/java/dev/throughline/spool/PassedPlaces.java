package dev.throughline.spool;

import dev.throughline.spool.RecoveryReport.Kind;
import java.util.ArrayList;
import java.util.List;

/** What a walk has passed over and not yet told: stretches of bytes, and the records that are missing for them. One thread. */
final class PassedPlaces {
    private final List<PassedOver> places = new ArrayList<>();
    /** Where the stretch begins that is being passed over, or -1. */
    private long stretch = -1;
    /** Where the block began to which the stretches belong. */
    private long block;

    void clear() {
        places.clear();
        stretch = -1;
        block = 0;
    }

    /** Places from here on belong to another block. */
    void blockAt(long offset) {
        block = offset;
    }

    /** The byte at this offset is being passed over. */
    void over(long at) {
        if (stretch < 0) {
            stretch = at;
        }
    }

    /** What is being passed over ends here. */
    void end(Segment segment, long at) {
        if (stretch >= 0 && stretch < at) {
            Kind kind = stretch == block ? Kind.BLOCK_HEADER : Kind.FRAME;
            places.add(new PassedOver(segment, kind, stretch, at, 0, 0));
        }
        stretch = -1;
    }

    /** These bytes should be there, and are not. */
    void missing(Segment segment, long from, long to) {
        end(segment, from);
        places.add(new PassedOver(segment, Kind.MISSING, from, to, 0, 0));
    }

    /** Says of each stretch of the block that a record is lost by it, and of the last that all others are. */
    void lost(Segment segment, long at, long from, long to) {
        int last = places.size() - 1;
        if (last < 0 || !isOfBlock(segment, places.get(last))) {
            places.add(new PassedOver(segment, Kind.MISSING, at, at, from, to));
            return;
        }
        int first = last;
        while (first > 0 && isOfBlock(segment, places.get(first - 1))) {
            first--;
        }
        long next = from;
        for (int i = first; i < last && next < to - 1; i++) {
            if (!isHeaderOnly(places.get(i))) {
                places.set(i, places.get(i).losing(next, next + 1));
                next++;
            }
        }
        places.set(last, places.get(last).losing(next, to));
    }

    private boolean isOfBlock(Segment segment, PassedOver place) {
        return place.segment() == segment && place.from() >= block && place.records() == 0;
    }

    private static boolean isHeaderOnly(PassedOver place) {
        return place.kind() == Kind.BLOCK_HEADER && place.to() - place.from() == Layout.BLOCK_HEADER_BYTES;
    }

    /** All of it is told; what follows may belong to the same block. */
    void told() {
        places.clear();
    }

    List<PassedOver> places() {
        return places;
    }

    int count() {
        return places.size();
    }
}

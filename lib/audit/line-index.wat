;; Finds the lines of an audit log and the first eight commas of each, sixteen bytes at a time, and sifts
;; MySQL's records: most of them need no closer look.
;; Built by `npm run build:wasm` into line-index.wasm; line-index.ts tells what the numbers mean.
(module
  (memory (export "memory") 12)

  ;; What `sift` is asked for and has seen, behind the rows:
  ;; 0 since, 8 until, 16 the oldest time, 24 the newest; 32 how many records, 36 all bits of their kinds,
  ;; 40 the kinds to pass over, 44 whether only some connections are wanted, 48 the rows given,
  ;; 52 the length of the server's name, 64 the name; 320 the connections seen, 832 those wanted, a bit each;
  ;; 1344 the kinds of statements by their first three letters; 132416, which is 722240 in all, the classes of bytes
  (global $state i32 (i32.const 589824))

  ;; Kinds of records, as mysql-row.ts has them
  (global $table i32 (i32.const 1))
  (global $connection i32 (i32.const 2))
  (global $conditional i32 (i32.const 32))

  ;; Classes of bytes, as line-index.ts has them
  (global $space i32 (i32.const 1))
  (global $name i32 (i32.const 2))
  (global $word i32 (i32.const 4))

  ;; The fields of a row, in bytes from its begin:
  ;; 0 start, 4..32 the commas, 36 the line's end, 40 the first semicolon after the eighth comma, 44 how many commas;
  ;; 48 the time, 56 the connection's number, 60 the operation's first four bytes, 64 the object's, 68 whether the host is new

  ;; Indexes the lines that begin at $from and end (by a line break) before $to, $most of them at most,
  ;; into rows at $rows. Gives how many they are. The sixteen bytes after $to must be zero.
  (func (export "index")
    (param $from i32) (param $to i32) (param $rows i32) (param $most i32) (result i32)
    (local $bytes v128)
    (local $at i32)          ;; where the sixteen bytes begin
    (local $newlines i32)    ;; one bit for each of them, as the next two
    (local $commas i32)
    (local $semicolons i32)
    (local $unseen i32)      ;; the bits that have not been looked at
    (local $found i32)
    (local $position i32)
    (local $row i32)         ;; of the line that is being read
    (local $seen i32)        ;; its commas
    (local $count i32)       ;; lines that are done

    (local.set $at (local.get $from))
    (local.set $row (local.get $rows))
    (i32.store (local.get $row) (local.get $from))
    (i32.store offset=40 (local.get $row) (i32.const 0))
    (block $done
      (loop $next16
        (br_if $done (i32.ge_u (local.get $at) (local.get $to)))
        (local.set $bytes (v128.load (local.get $at)))
        (local.set $newlines
          (i8x16.bitmask (i8x16.eq (local.get $bytes) (i8x16.splat (i32.const 0x0a)))))
        (local.set $commas
          (i8x16.bitmask (i8x16.eq (local.get $bytes) (i8x16.splat (i32.const 0x2c)))))
        (local.set $semicolons
          (i8x16.bitmask (i8x16.eq (local.get $bytes) (i8x16.splat (i32.const 0x3b)))))
        (local.set $unseen (i32.const 0xffff))
        (loop $nextBit
          ;; in the head of a line commas count, behind it semicolons
          (local.set $found
            (i32.and
              (local.get $unseen)
              (i32.or
                (local.get $newlines)
                (select
                  (local.get $commas)
                  (local.get $semicolons)
                  (i32.lt_u (local.get $seen) (i32.const 8))))))
          (if (local.get $found)
            (then
              (local.set $found (i32.ctz (local.get $found)))
              (local.set $unseen (i32.shl (i32.const -2) (local.get $found)))
              (local.set $position (i32.add (local.get $at) (local.get $found)))
              (if (i32.and (i32.shr_u (local.get $newlines) (local.get $found)) (i32.const 1))
                (then
                  (i32.store offset=36 (local.get $row) (local.get $position))
                  (i32.store offset=44 (local.get $row) (local.get $seen))
                  (local.set $count (i32.add (local.get $count) (i32.const 1)))
                  (br_if $done (i32.eq (local.get $count) (local.get $most)))
                  (local.set $row (i32.add (local.get $row) (i32.const 72)))
                  (i32.store (local.get $row) (i32.add (local.get $position) (i32.const 1)))
                  (i32.store offset=40 (local.get $row) (i32.const 0))
                  (local.set $seen (i32.const 0)))
                (else
                  (if (i32.lt_u (local.get $seen) (i32.const 8))
                    (then
                      (i32.store offset=4
                        (i32.add (local.get $row) (i32.shl (local.get $seen) (i32.const 2)))
                        (local.get $position))
                      (local.set $seen (i32.add (local.get $seen) (i32.const 1))))
                    (else
                      (if (i32.eqz (i32.load offset=40 (local.get $row)))
                        (then (i32.store offset=40 (local.get $row) (local.get $position))))))))
              (br $nextBit))))
        (local.set $at (i32.add (local.get $at) (i32.const 16)))
        (br $next16)))
    (local.get $count))

  ;; Describes the rows of MySQL's audit records, whose eight commas stand behind the time, server, user,
  ;; client, connection, query, operation and database. $timeWidth is 16 where the time is sixteen digits.
  (func (export "describe") (param $rows i32) (param $count i32) (param $timeWidth i32)
    (local $row i32)
    (local $end i32)
    (local $start i32)
    (local $at i32)
    (local $number i32)
    (local $host i32)        ;; of the last record before
    (local $hostLength i32)
    (local $length i32)

    (local.set $row (local.get $rows))
    (local.set $end (i32.add (local.get $rows) (i32.mul (local.get $count) (i32.const 72))))
    (block $done
      (loop $nextRow
        (br_if $done (i32.ge_u (local.get $row) (local.get $end)))
        (if (i32.eq (i32.load offset=44 (local.get $row)) (i32.const 8))
          (then
            (local.set $start (i32.load (local.get $row)))
            (f64.store offset=48 (local.get $row) (f64.const -1))
            (if
              (i32.and
                (i32.eq (local.get $timeWidth) (i32.const 16))
                (i32.eq
                  (i32.sub (i32.load offset=4 (local.get $row)) (local.get $start))
                  (i32.const 16)))
              (then
                (f64.store offset=48 (local.get $row)
                  (call $digits16 (i64.load (local.get $start)) (i64.load offset=8 (local.get $start))))))

            ;; the connection's id, as a number that may overflow
            (local.set $number (i32.const 0))
            (local.set $at (i32.add (i32.load offset=16 (local.get $row)) (i32.const 1)))
            (block $read
              (loop $nextDigit
                (br_if $read (i32.ge_u (local.get $at) (i32.load offset=20 (local.get $row))))
                (local.set $number
                  (i32.add
                    (i32.mul (local.get $number) (i32.const 10))
                    (i32.sub (i32.load8_u (local.get $at)) (i32.const 0x30))))
                (local.set $at (i32.add (local.get $at) (i32.const 1)))
                (br $nextDigit)))
            (i32.store offset=56 (local.get $row) (local.get $number))

            (i32.store offset=60 (local.get $row)
              (i32.load offset=1 (i32.load offset=24 (local.get $row))))
            (i32.store offset=64 (local.get $row)
              (i32.load offset=1 (i32.load offset=32 (local.get $row))))

            ;; compare the server's name with the one before
            (local.set $start (i32.add (i32.load offset=4 (local.get $row)) (i32.const 1)))
            (local.set $length (i32.sub (i32.load offset=8 (local.get $row)) (local.get $start)))
            (local.set $at (i32.const 0))
            (i32.store offset=68 (local.get $row) (i32.ne (local.get $length) (local.get $hostLength)))
            (if (i32.eq (local.get $length) (local.get $hostLength))
              (then
                (block $compared
                  (loop $nextByte
                    (br_if $compared (i32.ge_u (local.get $at) (local.get $length)))
                    (if
                      (i32.ne
                        (i32.load8_u (i32.add (local.get $start) (local.get $at)))
                        (i32.load8_u (i32.add (local.get $host) (local.get $at))))
                      (then
                        (i32.store offset=68 (local.get $row) (i32.const 1))
                        (br $compared)))
                    (local.set $at (i32.add (local.get $at) (i32.const 1)))
                    (br $nextByte)))))
            ;; the first of the rows has none before
            (if (i32.eqz (local.get $host))
              (then (i32.store offset=68 (local.get $row) (i32.const 1))))
            (local.set $host (local.get $start))
            (local.set $hostLength (local.get $length))))
        (local.set $row (i32.add (local.get $row) (i32.const 72)))
        (br $nextRow))))

  ;; Reads records of one line each, from the one that begins at $from on, until one begins at $ownEnd or
  ;; behind, or is of another shape, or ends too close to $to for the next one's begin to be seen, or $most
  ;; rows are full. Notes all of them in the state, and gives rows of those that need a closer look.
  ;; Gives where the first record begins that was not read.
  (func (export "sift")
    (param $from i32) (param $ownEnd i32) (param $to i32) (param $most i32) (result i32)
    (local $row i32)
    (local $rowsEnd i32)
    (local $at i32)
    (local $end i32)
    (local $commas i64)      ;; one bit for each of 64 bytes, as the next two
    (local $newlines i64)
    (local $semicolons i64)
    (local $seen i32)
    (local $semicolon i32)
    (local $time f64)
    (local $number i32)
    (local $bit i32)
    (local $kind i32)
    (local $isNewHost i32)
    (local $passes i32)
    (local $first16 v128)    ;; of the 64 bytes
    (local $second16 v128)
    (local $third16 v128)
    (local $fourth16 v128)
    (local $next i32)        ;; where the next record begins
    (local $digits i64)      ;; eight of them, the first one lowest
    (local $highDigits i64)  ;; the first eight of the last time
    (local $high i64)        ;; as a number
    (local $unused i64)
    (local $length i32)
    (local $letters i32)
    (local $operation i32)   ;; its first four bytes, as the next
    (local $object i32)

    (local.set $highDigits (i64.const 0x3030303030303030)) ;; of the number 0
    (local.set $rowsEnd (i32.mul (local.get $most) (i32.const 72)))
    (block $done
      (loop $nextRecord
        (br_if $done (i32.ge_u (local.get $from) (local.get $ownEnd)))
        (br_if $done (i32.eq (local.get $row) (local.get $rowsEnd)))

        ;; the time; its first eight digits are mostly those of the record before
        (br_if $done (i32.ne (i32.load8_u offset=16 (local.get $from)) (i32.const 0x2c)))
        (local.set $digits (i64.load (local.get $from)))
        (if (i64.ne (local.get $digits) (local.get $highDigits))
          (then
            (br_if $done (i32.eqz (call $areDigits (local.get $digits))))
            (local.set $highDigits (local.get $digits))
            (local.set $high (i64.mul (call $digits8 (local.get $digits)) (i64.const 100000000)))))
        (local.set $digits (i64.load offset=8 (local.get $from)))
        (br_if $done
          (i64.ne
            (i64.or
              (i64.and (local.get $digits) (i64.const 0xf0f0f0f0f0f0f0f0))
              (i64.shr_u
                (i64.and
                  (i64.add (local.get $digits) (i64.const 0x0606060606060606))
                  (i64.const 0xf0f0f0f0f0f0f0f0))
                (i64.const 4)))
            (i64.const 0x3333333333333333)))
        (local.set $digits
          (i64.shr_u
            (i64.mul
              (i64.and (local.get $digits) (i64.const 0x0f0f0f0f0f0f0f0f))
              (i64.const 2561))
            (i64.const 8)))
        (local.set $digits
          (i64.shr_u
            (i64.mul
              (i64.and (local.get $digits) (i64.const 0x00ff00ff00ff00ff))
              (i64.const 6553601))
            (i64.const 16)))
        (local.set $time
          (f64.convert_i64_s
            (i64.add
              (local.get $high)
              (i64.shr_u
                (i64.mul
                  (i64.and (local.get $digits) (i64.const 0x0000ffff0000ffff))
                  (i64.const 42949672960001))
                (i64.const 32)))))
        (i32.store (local.get $row) (local.get $from))
        (i32.store offset=4 (local.get $row) (i32.add (local.get $from) (i32.const 16)))

        ;; the other seven commas; a line that breaks off before them is of another shape
        (local.set $seen (i32.const 1))
        (local.set $at (i32.add (local.get $from) (i32.const 17)))
        (block $headRead
          (loop $next64
            (local.set $first16 (v128.load (local.get $at)))
            (local.set $second16 (v128.load offset=16 (local.get $at)))
            (local.set $third16 (v128.load offset=32 (local.get $at)))
            (local.set $fourth16 (v128.load offset=48 (local.get $at)))
            (local.set $commas
              (i64.or
                (i64.or
                  (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $first16) (i8x16.splat (i32.const 0x2c)))))
                  (i64.shl
                    (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $second16) (i8x16.splat (i32.const 0x2c)))))
                    (i64.const 16)))
                (i64.or
                  (i64.shl
                    (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $third16) (i8x16.splat (i32.const 0x2c)))))
                    (i64.const 32))
                  (i64.shl
                    (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $fourth16) (i8x16.splat (i32.const 0x2c)))))
                    (i64.const 48)))))
            (local.set $newlines
              (i64.or
                (i64.or
                  (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $first16) (i8x16.splat (i32.const 0x0a)))))
                  (i64.shl
                    (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $second16) (i8x16.splat (i32.const 0x0a)))))
                    (i64.const 16)))
                (i64.or
                  (i64.shl
                    (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $third16) (i8x16.splat (i32.const 0x0a)))))
                    (i64.const 32))
                  (i64.shl
                    (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $fourth16) (i8x16.splat (i32.const 0x0a)))))
                    (i64.const 48)))))
            ;; those before the first line break only
            (local.set $commas
              (i64.and
                (local.get $commas)
                (i64.and
                  (i64.sub (local.get $newlines) (i64.const 1))
                  (i64.xor (local.get $newlines) (i64.const -1)))))
            (block $noCommas
              (loop $nextComma
                (br_if $noCommas (i64.eqz (local.get $commas)))
                (i32.store offset=4
                  (i32.add (local.get $row) (i32.shl (local.get $seen) (i32.const 2)))
                  (i32.add (local.get $at) (i32.wrap_i64 (i64.ctz (local.get $commas)))))
                (local.set $commas
                  (i64.and (local.get $commas) (i64.sub (local.get $commas) (i64.const 1))))
                (local.set $seen (i32.add (local.get $seen) (i32.const 1)))
                (br_if $headRead (i32.eq (local.get $seen) (i32.const 8)))
                (br $nextComma)))
            (br_if $done (i64.ne (local.get $newlines) (i64.const 0)))
            (local.set $at (i32.add (local.get $at) (i32.const 64)))
            (br_if $next64 (i32.lt_u (local.get $at) (local.get $to))))
          (br $done))

        ;; the line's end and the first semicolon before it
        (local.set $semicolon (i32.const 0))
        (local.set $at (i32.add (i32.load offset=32 (local.get $row)) (i32.const 1)))
        (block $tailRead
          (loop $next64
            (local.set $first16 (v128.load (local.get $at)))
            (local.set $second16 (v128.load offset=16 (local.get $at)))
            (local.set $third16 (v128.load offset=32 (local.get $at)))
            (local.set $fourth16 (v128.load offset=48 (local.get $at)))
            (local.set $newlines
              (i64.or
                (i64.or
                  (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $first16) (i8x16.splat (i32.const 0x0a)))))
                  (i64.shl
                    (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $second16) (i8x16.splat (i32.const 0x0a)))))
                    (i64.const 16)))
                (i64.or
                  (i64.shl
                    (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $third16) (i8x16.splat (i32.const 0x0a)))))
                    (i64.const 32))
                  (i64.shl
                    (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $fourth16) (i8x16.splat (i32.const 0x0a)))))
                    (i64.const 48)))))
            (local.set $semicolons
              (i64.or
                (i64.or
                  (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $first16) (i8x16.splat (i32.const 0x3b)))))
                  (i64.shl
                    (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $second16) (i8x16.splat (i32.const 0x3b)))))
                    (i64.const 16)))
                (i64.or
                  (i64.shl
                    (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $third16) (i8x16.splat (i32.const 0x3b)))))
                    (i64.const 32))
                  (i64.shl
                    (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $fourth16) (i8x16.splat (i32.const 0x3b)))))
                    (i64.const 48)))))
            (if (i64.ne (local.get $semicolons) (i64.const 0))
              (then
                (local.set $semicolons
                  (i64.and
                    (local.get $semicolons)
                    (i64.and
                      (i64.sub (local.get $newlines) (i64.const 1))
                      (i64.xor (local.get $newlines) (i64.const -1)))))
                (if
                  (i32.and
                    (i64.ne (local.get $semicolons) (i64.const 0))
                    (i32.eqz (local.get $semicolon)))
                  (then
                    (local.set $semicolon
                      (i32.add (local.get $at) (i32.wrap_i64 (i64.ctz (local.get $semicolons)))))))))
            (br_if $tailRead (i64.ne (local.get $newlines) (i64.const 0)))
            (local.set $at (i32.add (local.get $at) (i32.const 64)))
            (br_if $next64 (i32.lt_u (local.get $at) (local.get $to))))
          (br $done))
        (local.set $end (i32.add (local.get $at) (i32.wrap_i64 (i64.ctz (local.get $newlines)))))

        ;; where no record begins behind it, this one goes on
        (br_if $done (i32.gt_u (i32.add (local.get $end) (i32.const 18)) (local.get $to)))
        (local.set $next (i32.add (local.get $end) (i32.const 1)))
        (br_if $done (i32.ne (i32.load8_u offset=16 (local.get $next)) (i32.const 0x2c)))
        (br_if $done
          (i32.gt_u (i32.sub (i32.load8_u (local.get $next)) (i32.const 0x30)) (i32.const 9)))
        (br_if $done
          (i32.gt_u (i32.sub (i32.load8_u offset=15 (local.get $next)) (i32.const 0x30)) (i32.const 9)))

        ;; the connection's number: the eight bytes that end with its id, what is before it made zeros
        (local.set $length
          (i32.sub
            (i32.load offset=20 (local.get $row))
            (i32.add (i32.load offset=16 (local.get $row)) (i32.const 1))))
        (local.set $unused
          (i64.sub
            (i64.shl (i64.const 1) (i64.extend_i32_u (i32.sub (i32.const 64) (i32.shl (local.get $length) (i32.const 3)))))
            (i64.const 1)))
        (local.set $digits
          (i64.or
            (i64.and
              (i64.load (i32.sub (i32.load offset=20 (local.get $row)) (i32.const 8)))
              (i64.xor (local.get $unused) (i64.const -1)))
            (i64.and (i64.const 0x3030303030303030) (local.get $unused))))
        (if
          (i32.and
            (i32.lt_u (i32.sub (local.get $length) (i32.const 1)) (i32.const 7))
            (i64.eq
              (i64.or
                (i64.and (local.get $digits) (i64.const 0xf0f0f0f0f0f0f0f0))
                (i64.shr_u
                  (i64.and
                    (i64.add (local.get $digits) (i64.const 0x0606060606060606))
                    (i64.const 0xf0f0f0f0f0f0f0f0))
                  (i64.const 4)))
              (i64.const 0x3333333333333333)))
          (then
            (local.set $digits
              (i64.shr_u
                (i64.mul
                  (i64.and (local.get $digits) (i64.const 0x0f0f0f0f0f0f0f0f))
                  (i64.const 2561))
                (i64.const 8)))
            (local.set $digits
              (i64.shr_u
                (i64.mul
                  (i64.and (local.get $digits) (i64.const 0x00ff00ff00ff00ff))
                  (i64.const 6553601))
                (i64.const 16)))
            (local.set $number
              (i32.wrap_i64
                (i64.shr_u
                  (i64.mul
                    (i64.and (local.get $digits) (i64.const 0x0000ffff0000ffff))
                    (i64.const 42949672960001))
                  (i64.const 32)))))
          (else
            (local.set $number
              (call $connectionNumber
                (i32.add (i32.load offset=16 (local.get $row)) (i32.const 1))
                (i32.load offset=20 (local.get $row))))))
        ;; the kind, by the operation's first letter and the statement's first three
        (local.set $operation (i32.load offset=1 (i32.load offset=24 (local.get $row))))
        (local.set $object (i32.load offset=1 (i32.load offset=32 (local.get $row))))
        (local.set $letters (i32.and (local.get $operation) (i32.const 0xff)))
        (if (i32.eq (local.get $letters) (i32.const 0x51)) ;; Q
          (then
            (local.set $letters
              (i32.or (i32.shr_u (local.get $object) (i32.const 8)) (i32.const 0x202020)))
            (local.set $kind
              (i32.load offset=1344
                (i32.add
                  (global.get $state)
                  (i32.shl
                    (i32.or
                      (i32.or
                        (i32.shl (i32.and (local.get $letters) (i32.const 0x1f)) (i32.const 10))
                        (i32.and (i32.shr_u (local.get $letters) (i32.const 3)) (i32.const 0x3e0)))
                      (i32.and (i32.shr_u (local.get $letters) (i32.const 16)) (i32.const 0x1f)))
                    (i32.const 2)))))
            (local.set $kind
              (select
                (i32.shr_u (local.get $kind) (i32.const 24))
                (i32.const 0)
                (i32.and
                  (i32.eq (i32.and (local.get $object) (i32.const 0xff)) (i32.const 0x27))
                  (i32.eq (i32.and (local.get $kind) (i32.const 0xffffff)) (local.get $letters))))))
          (else
            (local.set $kind
              (select
                (global.get $connection)
                (global.get $table)
                (i32.or
                  (i32.le_u (i32.sub (local.get $letters) (i32.const 0x43)) (i32.const 1)) ;; C, D
                  (i32.eq (local.get $letters) (i32.const 0x46))))))) ;; F

        ;; whether the server is another one than the record's before
        (local.set $length
          (i32.sub (i32.load offset=8 (local.get $row)) (i32.add (local.get $from) (i32.const 17))))
        (local.set $isNewHost
          (if (result i32)
            (i32.and
              (i32.eq (local.get $length) (i32.load offset=52 (global.get $state)))
              (i32.lt_u (local.get $length) (i32.const 17)))
            (then
              (i32.ne
                (i32.const 0)
                (i32.and
                  (i32.sub (i32.shl (i32.const 1) (local.get $length)) (i32.const 1))
                  (i32.xor
                    (i32.const 0xffff)
                    (i8x16.bitmask
                      (i8x16.eq (v128.load offset=17 (local.get $from)) (v128.load offset=64 (global.get $state))))))))
            (else (i32.const 1))))
        (if (local.get $isNewHost)
          (then
            (local.set $isNewHost
              (call $noteHost (i32.add (local.get $from) (i32.const 17)) (i32.load offset=8 (local.get $row))))))

        ;; note the record
        (i32.store offset=32 (global.get $state)
          (i32.add (i32.load offset=32 (global.get $state)) (i32.const 1)))
        (i32.store offset=36 (global.get $state)
          (i32.or (i32.load offset=36 (global.get $state)) (local.get $kind)))
        (f64.store offset=16 (global.get $state)
          (f64.min (f64.load offset=16 (global.get $state)) (local.get $time)))
        (f64.store offset=24 (global.get $state)
          (f64.max (f64.load offset=24 (global.get $state)) (local.get $time)))
        (local.set $bit
          (i32.add
            (global.get $state)
            (i32.shl (i32.and (i32.shr_u (local.get $number) (i32.const 5)) (i32.const 127)) (i32.const 2))))
        (i32.store offset=320 (local.get $bit)
          (i32.or (i32.load offset=320 (local.get $bit)) (i32.shl (i32.const 1) (local.get $number))))

        ;; whether it needs no closer look: outside of the window, of another connection, of a kind that does not matter
        (local.set $passes
          (i32.or
            (f64.lt (local.get $time) (f64.load (global.get $state)))
            (f64.gt (local.get $time) (f64.load offset=8 (global.get $state)))))
        (if (i32.load offset=44 (global.get $state))
          (then
            (local.set $passes
              (i32.or
                (local.get $passes)
                (i32.eqz
                  (i32.and
                    (i32.shr_u (i32.load offset=832 (local.get $bit)) (local.get $number))
                    (i32.const 1)))))))
        (local.set $kind (i32.and (local.get $kind) (i32.load offset=40 (global.get $state))))
        (if
          (i32.and
            (i32.ne (local.get $kind) (i32.const 0))
            (i32.or
              (i32.eqz (local.get $semicolon))
              ;; at the statement's end only
              (i32.ge_u (local.get $semicolon) (i32.sub (local.get $end) (i32.const 4)))))
          (then
            (local.set $passes
              (i32.or
                (local.get $passes)
                (if (result i32) (i32.eq (local.get $kind) (global.get $conditional))
                  (then
                    (if (result i32) (local.get $semicolon)
                      (then (i32.const 0))
                      (else
                        (call $isSelective
                          (i32.add (i32.load offset=32 (local.get $row)) (i32.const 2))
                          (local.get $end)))))
                  (else (i32.const 1)))))))

        (if (i32.or (local.get $isNewHost) (i32.eqz (local.get $passes)))
          (then
            (i32.store offset=36 (local.get $row) (local.get $end))
            (i32.store offset=40 (local.get $row) (local.get $semicolon))
            (i32.store offset=44 (local.get $row) (i32.const 8))
            (f64.store offset=48 (local.get $row) (local.get $time))
            (i32.store offset=56 (local.get $row) (local.get $number))
            (i32.store offset=60 (local.get $row) (local.get $operation))
            (i32.store offset=64 (local.get $row) (local.get $object))
            (i32.store offset=68 (local.get $row) (local.get $isNewHost))
            (local.set $row (i32.add (local.get $row) (i32.const 72)))))
        (local.set $from (local.get $next))
        (br $nextRecord)))
    (i32.store offset=48 (global.get $state) (i32.div_u (local.get $row) (i32.const 72)))
    (local.get $from))

  ;; The number of a connection's id, which may overflow.
  (func $connectionNumber (param $start i32) (param $end i32) (result i32)
    (local $number i32)
    (block $read
      (loop $nextDigit
        (br_if $read (i32.ge_u (local.get $start) (local.get $end)))
        (local.set $number
          (i32.add
            (i32.mul (local.get $number) (i32.const 10))
            (i32.sub (i32.load8_u (local.get $start)) (i32.const 0x30))))
        (local.set $start (i32.add (local.get $start) (i32.const 1)))
        (br $nextDigit)))
    (local.get $number))

  ;; Whether a server's name is another one than the record's before, which it then replaces.
  (func $noteHost (param $start i32) (param $end i32) (result i32)
    (local $length i32)
    (local $at i32)
    (local $differs i32)     ;; one bit for each of sixteen bytes
    (local.set $length (i32.sub (local.get $end) (local.get $start)))
    (block $isNew
      (br_if $isNew (i32.ne (local.get $length) (i32.load offset=52 (global.get $state))))
      (loop $next16
        (local.set $differs
          (i32.xor
            (i8x16.bitmask
              (i8x16.eq
                (v128.load (i32.add (local.get $start) (local.get $at)))
                (v128.load offset=64 (i32.add (global.get $state) (local.get $at)))))
            (i32.const 0xffff)))
        (if (i32.lt_u (i32.sub (local.get $length) (local.get $at)) (i32.const 16))
          (then
            (local.set $differs
              (i32.and
                (local.get $differs)
                (i32.sub
                  (i32.shl (i32.const 1) (i32.sub (local.get $length) (local.get $at)))
                  (i32.const 1))))))
        (br_if $isNew (local.get $differs))
        (local.set $at (i32.add (local.get $at) (i32.const 16)))
        (br_if $next16 (i32.lt_u (local.get $at) (local.get $length))))
      (return (i32.const 0)))
    ;; a name that there is no room for is a new one each time
    (i32.store offset=52 (global.get $state) (i32.const -1))
    (if (i32.le_u (local.get $length) (i32.const 240))
      (then
        (i32.store offset=52 (global.get $state) (local.get $length))
        (memory.copy
          (i32.add (global.get $state) (i32.const 64))
          (local.get $start)
          (local.get $length))))
    (i32.const 1))

  ;; Whether an UPDATE or DELETE certainly leaves rows alone: it is `UPDATE t SET … WHERE column <op> …` or
  ;; `DELETE FROM t WHERE column <op> …`, compares with a literal, and has no OR or XOR. What this says, SELECTIVE
  ;; of mysql-row.ts says too, which knows more such statements.
  (func $isSelective (param $at i32) (param $end i32) (result i32)
    (local $byte i32)
    (local $greater i32)     ;; whether the comparison holds a >
    (if (i32.eq (i32.or (i32.load8_u (local.get $at)) (i32.const 0x20)) (i32.const 0x75)) ;; u
      (then
        (local.set $at (call $afterWord (local.get $at) (i64.const 0x657461647075) (i64.const 16)))
        (local.set $at (call $afterSome (call $afterSome (local.get $at) (global.get $space)) (global.get $name)))
        (local.set $at
          (call $afterWord
            (call $afterSome (local.get $at) (global.get $space))
            (i64.const 0x746573)
            (i64.const 40)))
        (local.set $at (call $afterAssignments (local.get $at) (local.get $end))))
      (else
        (local.set $at (call $afterWord (local.get $at) (i64.const 0x6574656c6564) (i64.const 16)))
        (local.set $at
          (call $afterWord
            (call $afterSome (local.get $at) (global.get $space))
            (i64.const 0x6d6f7266)
            (i64.const 32)))
        (local.set $at (call $afterSome (call $afterSome (local.get $at) (global.get $space)) (global.get $name)))
        (local.set $at
          (call $afterWord
            (call $afterSome (local.get $at) (global.get $space))
            (i64.const 0x6572656877)
            (i64.const 24)))))
    (local.set $at (call $afterSome (local.get $at) (global.get $space)))
    (if (i32.eqz (local.get $at)) (then (return (i32.const 0))))

    ;; a column, which is no number and none of TRUE, FALSE, NOT and NULL
    (local.set $byte (i32.or (i32.load8_u (local.get $at)) (i32.const 0x20)))
    (if (i32.le_u (i32.sub (local.get $byte) (i32.const 0x30)) (i32.const 9)) (then (return (i32.const 0))))
    (if (i32.eq (local.get $byte) (i32.const 0x66)) (then (return (i32.const 0)))) ;; f
    (if (i32.eq (local.get $byte) (i32.const 0x6e)) (then (return (i32.const 0)))) ;; n
    (if (i32.eq (local.get $byte) (i32.const 0x74)) ;; t
      (then
        (if (call $afterWord (local.get $at) (i64.const 0x65757274) (i64.const 32))
          (then (return (i32.const 0))))))
    (local.set $at (call $afterSome (local.get $at) (global.get $name)))
    (if (i32.eqz (local.get $at)) (then (return (i32.const 0))))

    ;; a comparison
    (loop $nextSpace
      (local.set $byte (i32.load8_u (local.get $at)))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (br_if $nextSpace
        (i32.and (i32.load8_u offset=722240 (local.get $byte)) (global.get $space))))
    (if (i32.gt_u (i32.sub (local.get $byte) (i32.const 0x3c)) (i32.const 2)) ;; < = >
      (then (return (i32.const 0))))

    ;; with a number or a quoted text: greater than or other than one that all keys are greater than takes a closer look
    (local.set $greater (i32.eq (local.get $byte) (i32.const 0x3e))) ;; >
    (loop $nextByte
      (local.set $byte (i32.load8_u (local.get $at)))
      (if (i32.eq (local.get $byte) (i32.const 0x3e)) (then (local.set $greater (i32.const 1))))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (br_if $nextByte
        (i32.or
          (i32.and (i32.load8_u offset=722240 (local.get $byte)) (global.get $space))
          (i32.le_u (i32.sub (local.get $byte) (i32.const 0x3d)) (i32.const 1))))) ;; = >
    (if (i32.eq (local.get $byte) (i32.const 0x5c)) ;; a text, which begins and ends with a backslash and a quote
      (then
        (if (i32.ne (i32.load8_u (local.get $at)) (i32.const 0x27)) (then (return (i32.const 0))))
        (if (local.get $greater)
          (then
            (local.set $byte (i32.load8_u offset=1 (local.get $at)))
            (if
              (i32.or
                (i32.le_u (i32.sub (local.get $byte) (i32.const 0x30)) (i32.const 9))
                (i32.or
                  (i32.eq (local.get $byte) (i32.const 0x2d))
                  (i32.eq (local.get $byte) (i32.const 0x5c))))
              (then (return (i32.const 0))))))
        (loop $nextOfText
          (local.set $at (i32.add (local.get $at) (i32.const 1)))
          (if (i32.ge_u (local.get $at) (local.get $end)) (then (return (i32.const 0))))
          (local.set $byte (i32.load8_u (local.get $at)))
          (if (i32.eq (local.get $byte) (i32.const 0x27)) (then (return (i32.const 0))))
          (br_if $nextOfText (i32.ne (local.get $byte) (i32.const 0x5c))))
        (if (i32.ne (i32.load8_u offset=1 (local.get $at)) (i32.const 0x27)) (then (return (i32.const 0))))
        (local.set $at (i32.add (local.get $at) (i32.const 2))))
      (else
        (if (i32.gt_u (i32.sub (local.get $byte) (i32.const 0x30)) (i32.const 9)) (then (return (i32.const 0))))
        (if
          (i32.and
            (local.get $greater)
            (i32.or
              (i32.eq (local.get $byte) (i32.const 0x30))
              (i32.and
                (i32.eq (local.get $byte) (i32.const 0x31))
                (i32.gt_u
                  (i32.sub (i32.load8_u (local.get $at)) (i32.const 0x30))
                  (i32.const 9)))))
          (then (return (i32.const 0))))
        (block $numberEnds
          (loop $nextOfNumber
            (br_if $numberEnds
              (i32.ne
                (i32.and (i32.load8_u offset=722240 (i32.load8_u (local.get $at))) (global.get $word))
                (global.get $word)))
            (local.set $at (i32.add (local.get $at) (i32.const 1)))
            (br $nextOfNumber)))))
    ;; which ends there: at the statement's quote, or at AND, ORDER or LIMIT
    (block $spaceEnds
      (loop $nextBehind
        (br_if $spaceEnds
          (i32.eqz (i32.and (i32.load8_u offset=722240 (i32.load8_u (local.get $at))) (global.get $space))))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br $nextBehind)))
    (if (i32.ge_u (local.get $at) (local.get $end)) (then (return (i32.const 0))))
    (if
      (i32.and
        (i32.ne (i32.load8_u (local.get $at)) (i32.const 0x27))
        (i32.eqz
          (i32.and
            (i32.ne
              (i32.or
                (call $afterWord (local.get $at) (i64.const 0x646e61) (i64.const 40))
                (i32.or
                  (call $afterWord (local.get $at) (i64.const 0x726564726f) (i64.const 24))
                  (call $afterWord (local.get $at) (i64.const 0x74696d696c) (i64.const 24))))
              (i32.const 0))
            (i32.eqz (call $goesOnAfterWord (local.get $at))))))
      (then (return (i32.const 0))))
    (if (i32.gt_u (i32.add (local.get $at) (i32.const 2)) (local.get $end)) (then (return (i32.const 0))))
    (i32.eqz (call $mayHoldOr (local.get $at) (local.get $end))))

  ;; Whether a word goes on behind AND, ORDER or LIMIT, of which one begins at $at.
  (func $goesOnAfterWord (param $at i32) (result i32)
    (local $and i32)
    (local.set $and (call $afterWord (local.get $at) (i64.const 0x646e61) (i64.const 40)))
    (i32.and
      (i32.load8_u offset=722240
        (i32.load8_u
          (select
            (local.get $and)
            (i32.add (local.get $at) (i32.const 5))
            (i32.ne (local.get $and) (i32.const 0)))))
      (global.get $word)))

  ;; Where WHERE ends behind the assignments of an UPDATE, 0 where they are not plain: they hold names,
  ;; numbers, quoted texts, and calls of functions without quotes.
  (func $afterAssignments (param $at i32) (param $end i32) (result i32)
    (local $byte i32)
    (local $class i32)
    (local $bracket i32)     ;; whether one is open
    (if (i32.eqz (local.get $at)) (then (return (i32.const 0))))
    (if
      (i32.eqz
        (i32.and (i32.load8_u offset=722240 (i32.load8_u (local.get $at))) (global.get $space)))
      (then (return (i32.const 0))))
    (loop $nextByte
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (br_if $nextByte (i32.eqz (local.tee $class (i32.load8_u offset=722240 (local.tee $byte (i32.load8_u (local.get $at)))))))
      (if (i32.ge_u (local.get $at) (local.get $end)) (then (return (i32.const 0))))
      (br_if $nextByte (i32.and (local.get $class) (global.get $name)))
      (if (i32.and (local.get $class) (global.get $space))
        (then
          (br_if $nextByte (i32.ne (i32.or (i32.load8_u offset=1 (local.get $at)) (i32.const 0x20)) (i32.const 0x77))) ;; w
          (br_if $nextByte (local.get $bracket))
          (local.set $byte
            (call $afterWord (i32.add (local.get $at) (i32.const 1)) (i64.const 0x6572656877) (i64.const 24)))
          (br_if $nextByte (i32.eqz (local.get $byte)))
          (br_if $nextByte
            (i32.eqz
              (i32.and (i32.load8_u offset=722240 (i32.load8_u (local.get $byte))) (global.get $space))))
          (return (local.get $byte))))
      (if (i32.eq (local.get $byte) (i32.const 0x28)) ;; (
        (then
          (if (local.get $bracket) (then (return (i32.const 0))))
          (local.set $bracket (i32.const 1))
          ;; a subquery may follow, or space and a subquery
          (local.set $byte (i32.or (i32.load8_u offset=1 (local.get $at)) (i32.const 0x20)))
          (if (i32.eq (local.get $byte) (i32.const 0x73)) (then (return (i32.const 0)))) ;; s
          (if (i32.and (i32.load8_u offset=722240 (local.get $byte)) (global.get $space))
            (then (return (i32.const 0))))
          (br $nextByte)))
      (if (i32.eq (local.get $byte) (i32.const 0x29)) ;; )
        (then
          (if (i32.eqz (local.get $bracket)) (then (return (i32.const 0))))
          (local.set $bracket (i32.const 0))
          (br $nextByte)))
      ;; a text begins and ends with a backslash and a quote, and holds neither
      (if (i32.ne (local.get $byte) (i32.const 0x5c)) (then (return (i32.const 0))))
      (if (local.get $bracket) (then (return (i32.const 0))))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (if (i32.ne (i32.load8_u (local.get $at)) (i32.const 0x27)) (then (return (i32.const 0))))
      (loop $nextOfText
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (if (i32.ge_u (local.get $at) (local.get $end)) (then (return (i32.const 0))))
        (local.set $byte (i32.load8_u (local.get $at)))
        (if (i32.eq (local.get $byte) (i32.const 0x27)) (then (return (i32.const 0))))
        (br_if $nextOfText (i32.ne (local.get $byte) (i32.const 0x5c))))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (br_if $nextByte (i32.eq (i32.load8_u (local.get $at)) (i32.const 0x27))))
    (i32.const 0))

  ;; Whether there may be an OR or XOR between $at and $end, as a word or as ||.
  (func $mayHoldOr (param $at i32) (param $end i32) (result i32)
    (local $bytes v128)
    (local $found i32)       ;; one bit for each of sixteen bytes
    (local $position i32)
    (loop $next16
      (local.set $bytes (v128.load (local.get $at)))
      (local.set $found
        (i8x16.bitmask
          (v128.or
            (v128.and
              (i8x16.eq
                (v128.or (local.get $bytes) (i8x16.splat (i32.const 0x20)))
                (i8x16.splat (i32.const 0x6f)))
              (i8x16.eq
                (v128.or (v128.load offset=1 (local.get $at)) (i8x16.splat (i32.const 0x20)))
                (i8x16.splat (i32.const 0x72))))
            (i8x16.eq (local.get $bytes) (i8x16.splat (i32.const 0x7c))))))
      (block $none
        (loop $nextFound
          (br_if $none (i32.eqz (local.get $found)))
          (local.set $position (i32.add (local.get $at) (i32.ctz (local.get $found))))
          (local.set $found
            (i32.and (local.get $found) (i32.sub (local.get $found) (i32.const 1))))
          (br_if $none (i32.ge_u (local.get $position) (local.get $end)))
          (if (i32.eq (i32.load8_u (local.get $position)) (i32.const 0x7c))
            (then (return (i32.const 1))))
          ;; XOR, or a word that ends so
          (if
            (i32.eq
              (i32.or (i32.load8_u (i32.sub (local.get $position) (i32.const 1))) (i32.const 0x20))
              (i32.const 0x78))
            (then (return (i32.const 1))))
          (br_if $nextFound
            (i32.or
              (i32.and
                (i32.load8_u offset=722240 (i32.load8_u (i32.sub (local.get $position) (i32.const 1))))
                (global.get $word))
              (i32.and
                (i32.load8_u offset=722240 (i32.load8_u offset=2 (local.get $position)))
                (global.get $word))))
          (return (i32.const 1))))
      (local.set $at (i32.add (local.get $at) (i32.const 16)))
      (br_if $next16 (i32.lt_u (local.get $at) (local.get $end))))
    (i32.const 0))

  ;; Where a word ends that begins at $at, 0 where it is not there or $at is 0. The word is in lower case, its
  ;; first letter lowest; $unused are the bits that are missing to eight letters.
  (func $afterWord (param $at i32) (param $word i64) (param $unused i64) (result i32)
    (if (result i32)
      (i32.and
        (i32.ne (local.get $at) (i32.const 0))
        (i64.eq
          (i64.shl
            (i64.or (i64.load (local.get $at)) (i64.const 0x2020202020202020))
            (local.get $unused))
          (i64.shl (local.get $word) (local.get $unused))))
      (then
        (i32.add
          (local.get $at)
          (i32.sub (i32.const 8) (i32.shr_u (i32.wrap_i64 (local.get $unused)) (i32.const 3)))))
      (else (i32.const 0))))

  ;; Where some bytes of a class end, 0 where there are none or $at is 0.
  (func $afterSome (param $at i32) (param $class i32) (result i32)
    (local $next i32)
    (if (i32.eqz (local.get $at)) (then (return (i32.const 0))))
    (local.set $next (local.get $at))
    (block $ended
      (loop $nextByte
        (br_if $ended
          (i32.eqz
            (i32.and
              (i32.load8_u offset=722240 (i32.load8_u (local.get $next)))
              (local.get $class))))
        (local.set $next (i32.add (local.get $next) (i32.const 1)))
        (br $nextByte)))
    (select (local.get $next) (i32.const 0) (i32.ne (local.get $next) (local.get $at))))

  ;; The number that sixteen bytes write, -1 where one of them is no digit.
  (func $digits16 (param $high i64) (param $low i64) (result f64)
    (if (result f64) (i32.and (call $areDigits (local.get $high)) (call $areDigits (local.get $low)))
      (then
        (f64.convert_i64_u
          (i64.add
            (i64.mul (call $digits8 (local.get $high)) (i64.const 100000000))
            (call $digits8 (local.get $low)))))
      (else (f64.const -1))))

  ;; Whether all of eight bytes lie between 0x30 and 0x39.
  (func $areDigits (param $bytes i64) (result i32)
    (i64.eq
      (i64.or
        (i64.and (local.get $bytes) (i64.const 0xf0f0f0f0f0f0f0f0))
        (i64.shr_u
          (i64.and
            (i64.add (local.get $bytes) (i64.const 0x0606060606060606))
            (i64.const 0xf0f0f0f0f0f0f0f0))
          (i64.const 4)))
      (i64.const 0x3333333333333333)))

  ;; Eight digits as a number: pairs are made of digits, fours of pairs, eight of fours.
  (func $digits8 (param $bytes i64) (result i64)
    (local $pairs i64)
    (local $fours i64)
    (local.set $pairs
      (i64.shr_u
        (i64.mul
          (i64.and (local.get $bytes) (i64.const 0x0f0f0f0f0f0f0f0f))
          (i64.const 2561)) ;; 10 * 2^8 + 1
        (i64.const 8)))
    (local.set $fours
      (i64.shr_u
        (i64.mul
          (i64.and (local.get $pairs) (i64.const 0x00ff00ff00ff00ff))
          (i64.const 6553601)) ;; 100 * 2^16 + 1
        (i64.const 16)))
    (i64.shr_u
      (i64.mul
        (i64.and (local.get $fours) (i64.const 0x0000ffff0000ffff))
        (i64.const 42949672960001)) ;; 10000 * 2^32 + 1
      (i64.const 32)))
)

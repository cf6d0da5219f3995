;; Products of rows of small whole numbers, eight of a row at a time: what products.ts needs and JavaScript takes twelve times as long for.
;; Rows are padded with zeros to a multiple of eight numbers. No product may exceed 32 bits; products.ts sees to that.
(module
  (memory (export "memory") 1)

  ;; Sum over one row of 16-bit numbers times 8-bit numbers. $end is the end of the 8-bit row.
  (func $product (param $wide i32) (param $narrow i32) (param $end i32) (result i32)
    (local $sum v128)
    (loop $next
      (local.set $sum
        (i32x4.add
          (local.get $sum)
          (i32x4.dot_i16x8_s (v128.load (local.get $wide)) (v128.load8x8_s (local.get $narrow)))))
      (local.set $wide (i32.add (local.get $wide) (i32.const 16)))
      (local.set $narrow (i32.add (local.get $narrow) (i32.const 8)))
      (br_if $next (i32.lt_u (local.get $narrow) (local.get $end))))
    (call $total (local.get $sum)))

  ;; Sum of the squares of one row of 8-bit numbers.
  (func $square (param $narrow i32) (param $end i32) (result i32)
    (local $sum v128)
    (local $row v128)
    (loop $next
      (local.set $row (v128.load8x8_s (local.get $narrow)))
      (local.set $sum (i32x4.add (local.get $sum) (i32x4.dot_i16x8_s (local.get $row) (local.get $row))))
      (local.set $narrow (i32.add (local.get $narrow) (i32.const 8)))
      (br_if $next (i32.lt_u (local.get $narrow) (local.get $end))))
    (call $total (local.get $sum)))

  (func $total (param $sum v128) (result i32)
    (i32.add
      (i32.add (i32x4.extract_lane 0 (local.get $sum)) (i32x4.extract_lane 1 (local.get $sum)))
      (i32.add (i32x4.extract_lane 2 (local.get $sum)) (i32x4.extract_lane 3 (local.get $sum)))))

  ;; For each 8-bit row of [$narrow, $narrowEnd), at $out: its product with each 16-bit row of [$wide, $wideEnd), then the sum of its squares.
  ;; $row: numbers in a row, padding included.
  (func (export "products")
    (param $wide i32) (param $wideEnd i32) (param $narrow i32) (param $narrowEnd i32) (param $row i32) (param $out i32)
    (local $end i32)
    (local $at i32)
    (loop $nextNarrow
      (local.set $end (i32.add (local.get $narrow) (local.get $row)))
      (local.set $at (local.get $wide))
      (loop $nextWide
        (if (i32.lt_u (local.get $at) (local.get $wideEnd))
          (then
            (i32.store (local.get $out) (call $product (local.get $at) (local.get $narrow) (local.get $end)))
            (local.set $out (i32.add (local.get $out) (i32.const 4)))
            (local.set $at (i32.add (local.get $at) (i32.shl (local.get $row) (i32.const 1))))
            (br $nextWide))))
      (i32.store (local.get $out) (call $square (local.get $narrow) (local.get $end)))
      (local.set $out (i32.add (local.get $out) (i32.const 4)))
      (local.set $narrow (local.get $end))
      (br_if $nextNarrow (i32.lt_u (local.get $narrow) (local.get $narrowEnd))))))

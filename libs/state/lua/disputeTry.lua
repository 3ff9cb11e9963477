-- A worker notes that a pod says something else about its end than what was recorded. The record stands.
--
-- KEYS  tries    hash
--       history  list
-- ARGV  tryField  task/try.infra
--       later     JSON
--       entry     JSON for the history
-- returns 1 | 0 when there is no such try, or it has its note already
local tries, history = unpack(KEYS)
local tryField, later, entry = unpack(ARGV)

local known = redis.call('HGET', tries, tryField)
-- Quotes inside a JSON text are escaped, so this can only be the member itself.
if not known or string.find(known, ',"later":{', 1, true) then return 0 end
redis.call('HSET', tries, tryField, string.sub(known, 1, -2) .. ',"later":' .. later .. '}')
redis.call('RPUSH', history, entry)
return 1

-- An asset was updated: by a task that has succeeded, or told from outside. The same update twice is one.
--
-- KEYS  assets   hash: asset -> JSON of its last update
--       numbers  zset: update id by number
--       updates  hash: update id -> JSON
--       count    counter of updates
--       inbox    list
-- ARGV  asset
--       id      of the update
--       at      ms
--       update  JSON without its number
--       keep    how many updates of the asset are kept
-- returns 1 | 0 when it was known
local assets, numbers, updates, count, inbox = unpack(KEYS)
local asset, id, at, update, keep = unpack(ARGV)

if redis.call('ZSCORE', numbers, id) then return 0 end

local number = redis.call('INCR', count)
local numbered = '{"number":' .. number .. ',' .. string.sub(update, 2)
redis.call('ZADD', numbers, number, id)
redis.call('HSET', updates, id, numbered)
redis.call('HSET', assets, asset, numbered)
local old = redis.call('ZRANGE', numbers, 0, -1 - keep)
for _, known in ipairs(old) do
  redis.call('ZREM', numbers, known)
  redis.call('HDEL', updates, known)
end
redis.call('RPUSH', inbox, 'assets\n\n' .. at .. '\n\n')
return 1

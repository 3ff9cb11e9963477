-- A person pauses, resumes or cancels a backfill.
--
-- KEYS  backfill  hash
--       inbox     list
--       events    stream
-- ARGV  id
--       to    state
--       from  states it may be in as ,a,b,
--       at    ms
-- returns {'moved'} | {'refused', state} | {'unknown'}
local backfill, inbox, events = unpack(KEYS)
local id, to, from, at = unpack(ARGV)

local state = redis.call('HGET', backfill, 'state')
if not state then return {'unknown'} end
if state ~= to then
  if not string.find(from, ',' .. state .. ',', 1, true) then return {'refused', state} end
  redis.call('HSET', backfill, 'state', to)
  redis.call('XADD', events, 'MAXLEN', '~', '100000', '*', 'backfill', id, 'state', to, 'at', at)
end
redis.call('RPUSH', inbox, 'backfills\n\n' .. at .. '\n\n')
return {'moved'}
